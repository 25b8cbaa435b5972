"""Ceil for floor.

language: en
points: 87
loses:
  test_output_size__floor: 'a partial window was counted'
student: "20260006"
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return -(-(n + 2 * padding - kernel) // stride) + 1
