"""Off by one: counts the moves, not the places.

language: ko
points: 81
loses:
  test_output_size: '하나 모자랍니다'
  test_output_size__floor: 'one too few'
  test_output_size__padding: 'one too few'
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return (n + 2 * padding - kernel) // stride
