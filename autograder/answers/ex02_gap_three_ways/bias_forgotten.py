"""Biases of flatten + linear forgotten.

language: ko
points: 86
loses:
  test_head_parameters__flatten: "`head_parameters`: 편향이 빠졌습니다"
"""


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    return channels * height * width * num_classes, channels * num_classes + num_classes
