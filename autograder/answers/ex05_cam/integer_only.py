"""Shapes the weights for one class only; a class per image raises an error.

language: ko
points: 84
loses:
  test_class_activation_map__per_image: '오류가 났습니다'
student: "20260010"
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return (weight[class_index].view(1, -1, 1, 1) * features).sum(dim=1)
