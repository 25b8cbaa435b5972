"""A wrong `output_size` that the own windows do not need.

language: ko
points: 81
loses:
  test_output_size: '하나 모자랍니다'
  test_output_size__floor: 'Draw the places'
  test_output_size__padding: '양쪽 끝에'
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return n // kernel
