"""`view` on windows that are not contiguous.

language: ko
points: 79
loses:
  test_max_pool2d: 'view'
  test_max_pool2d__windows: 'view'
  test_max_pool2d__any_input: 'view'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride)
    return windows.view(*windows.shape[:4], -1).max(dim=-1).values
