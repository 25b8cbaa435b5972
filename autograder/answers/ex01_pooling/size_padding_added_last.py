"""Padding added after the windows were counted.

language: ko
points: 87
loses:
  test_output_size__padding: '다 센 다음 패딩'
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return (n - kernel) // stride + 1 + 2 * padding
