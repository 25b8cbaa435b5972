"""Size of the window left out.

language: ko
points: 81
loses:
  test_output_size: '윈도우의 크기를 빠뜨렸습니다'
  test_output_size__floor: 'partial window'
  test_output_size__padding: 'left out'
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return (n + 2 * padding) // stride
