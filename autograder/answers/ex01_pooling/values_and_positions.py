"""`max` returns values and positions.

language: ko
points: 79
loses:
  test_max_pool2d: 'tuple'
  test_max_pool2d__windows: 'tuple'
  test_max_pool2d__any_input: 'tuple'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    return tuple(windows.max(dim=-1))
