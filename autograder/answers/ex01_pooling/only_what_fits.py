"""Cuts into tiles and fails where cells are left over.

language: en
points: 86
loses:
  test_max_pool2d__windows: 'invalid'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, h, w = x.shape
    return x.view(n, c, h // kernel, kernel, w // kernel, kernel).amax(dim=(3, 5))
