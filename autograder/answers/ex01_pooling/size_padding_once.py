"""Padding at one end only.

language: ko
points: 87
loses:
  test_output_size__padding: '한쪽만 셌습니다'
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return (n + padding - kernel) // stride + 1
