"""Counts as floats, from a division that was meant to be whole.

language: ko
points: 83
loses:
  test_head_parameters__flatten: "두 값은 `int`여야 합니다"
  test_head_parameters__gap: "두 값은 `int`여야 합니다"
"""


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    flatten = float(channels * height * width * num_classes) + num_classes
    return flatten, flatten / (height * width) + num_classes * (1 - 1 / (height * width))
