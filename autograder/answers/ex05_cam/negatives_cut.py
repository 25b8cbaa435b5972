"""Applies ReLU to the map, as pictures of CAMs often do.

language: ko
points: 71
loses:
  test_class_activation_map: '음수도 로짓에 더해지는 값'
  test_class_activation_map__per_image: '음수가 사라졌습니다'
  test_class_activation_map__sizes: '음수가 사라졌습니다'
  test_class_activation_map__gradient: '자리마다 그 채널의 가중치'
student: "20260008"
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return (weight[class_index][..., None, None] * features).sum(dim=1).relu()
