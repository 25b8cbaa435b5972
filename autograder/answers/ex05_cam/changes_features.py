"""Multiplies the features in place.

language: en
points: 71
loses:
  test_class_activation_map: 'changed its input'
  test_class_activation_map__per_image: 'changed its input'
  test_class_activation_map__sizes: 'changed its input'
  test_class_activation_map__gradient: 'error'
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    features *= weight[class_index][..., None, None]
    return features.sum(dim=1)
