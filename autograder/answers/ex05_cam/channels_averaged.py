"""Averages the weighted channels instead of adding them up.

language: en
points: 71
loses:
  test_class_activation_map: 'averaged, not added'
  test_class_activation_map__per_image: 'averaged, not added'
  test_class_activation_map__sizes: 'averaged, not added'
  test_class_activation_map__gradient: 'another gradient'
student: "20260007"
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return (weight[class_index][..., None, None] * features).mean(dim=1)
