"""Detaches the features.

language: en
points: 87
loses:
  test_class_activation_map__gradient: 'No gradient flows'
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return (weight[class_index][..., None, None] * features.detach()).sum(dim=1)
