"""True division: a float that is not even rounded.

language: ko
points: 81
loses:
  test_output_size: '정수(int)여야'
  test_output_size__floor: 'should return an int'
  test_output_size__padding: 'an int, not a float'
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return (n + 2 * padding - kernel) / stride + 1
