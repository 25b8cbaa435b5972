"""Adds up the channels and forgets the weights, as if every channel spoke for the class.

language: ko
points: 71
loses:
  test_class_activation_map: '가중치를 곱하지 않고'
  test_class_activation_map__per_image: '가중치'
  test_class_activation_map__sizes: '가중치'
  test_class_activation_map__gradient: 'gradient'
student: "20260006"
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return features.sum(dim=1)
