"""A parenthesis is missing in one cell; the other functions still count.

language: en
points: 71
loses:
  test_class_activation_map: '`class_activation_map`'
  test_class_activation_map__per_image: '`class_activation_map`'
  test_class_activation_map__sizes: '`class_activation_map`'
  test_class_activation_map__gradient: '`class_activation_map`'
"""

# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return (weight[class_index][..., None, None] * features.sum(dim=1)
