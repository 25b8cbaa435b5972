"""`return` forgotten.

language: en
points: 71
loses:
  test_output_size: 'has no `return`'
  test_output_size__floor: '`return`이 없습니다'
  test_output_size__padding: 'has no `return`'
  test_avg_pool2d: '`return`이 없습니다'
  test_avg_pool2d__windows: 'has no `return`'
  test_avg_pool2d__any_input: 'has no `return`'
student: "20260008"
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    size = (n + 2 * padding - kernel) // stride + 1


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    y = x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(4, 5))
