"""Applies ReLU to the map, as pictures of CAMs often do.

language: ko
points: 71
loses:
  test_class_activation_map: '반대 증거도 CAM의 일부'
  test_class_activation_map__per_image: '반대 증거'
  test_class_activation_map__sizes: '반대 증거'
  test_class_activation_map__gradient: '자리마다 그 채널의 가중치'
student: "20260008"
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return (weight[class_index][..., None, None] * features).sum(dim=1).relu()
