"""Returns the maps of every class.

language: en
points: 71
loses:
  test_class_activation_map: 'has the shape'
  test_class_activation_map__per_image: 'has the shape'
  test_class_activation_map__sizes: 'has the shape'
  test_class_activation_map__gradient: 'gradient'
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return torch.einsum("kc,nchw->nkhw", weight, features)
