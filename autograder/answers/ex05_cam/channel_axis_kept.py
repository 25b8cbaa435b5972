"""Leaves the summed channel axis with length 1.

language: ko
points: 71
loses:
  test_class_activation_map: '모양이'
  test_class_activation_map__per_image: '모양이'
  test_class_activation_map__sizes: '모양이'
  test_class_activation_map__gradient: '모양이'
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return (weight[class_index][..., None, None] * features).sum(dim=1, keepdim=True)
