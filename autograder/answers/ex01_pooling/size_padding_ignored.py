"""Padding not counted.

language: en
points: 87
loses:
  test_output_size__padding: 'the padding was not counted'
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return (n - kernel) // stride + 1
