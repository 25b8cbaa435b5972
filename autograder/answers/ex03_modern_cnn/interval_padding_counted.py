"""Counts columns of the padding: ends outside of the image.

language: ko
points: 83
loses:
  test_input_interval__borders: '이미지에 없는 열까지'
"""


# cell: input_interval
def input_interval(layers, size, position):
    first = last = position
    for kernel, stride, padding in reversed(layers):
        first = first * stride - padding
        last = last * stride - padding + kernel - 1
    return first, last
