"""Cuts the interval at the image alone, not at the maps between.

language: en
points: 83
loses:
  test_input_interval__borders: 'cut only at the image'
"""


# cell: input_interval
def input_interval(layers, size, position):
    first = last = position
    for kernel, stride, padding in reversed(layers):
        first = first * stride - padding
        last = last * stride - padding + kernel - 1
    return max(first, 0), min(last, size - 1)
