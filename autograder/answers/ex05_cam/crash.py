"""Indexes the weights by channel.

language: ko
points: 71
loses:
  test_class_activation_map: '오류가 났습니다'
  test_class_activation_map__per_image: '오류가 났습니다'
  test_class_activation_map__sizes: '오류가 났습니다'
  test_class_activation_map__gradient: '오류가 났습니다'
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return (weight[:, class_index] * features).sum(dim=1)
