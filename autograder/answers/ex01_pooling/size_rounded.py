"""Rounds to the nearest.

language: ko
points: 87
loses:
  test_output_size__floor: 'partial window'
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return round((n + 2 * padding - kernel) / stride) + 1
