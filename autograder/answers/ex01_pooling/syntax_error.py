"""Syntax error in one cell: that function is lost, the others are not.

language: ko
points: 79
loses:
  test_max_pool2d: 'max_pool2d'
  test_max_pool2d__windows: 'max_pool2d'
  test_max_pool2d__any_input: 'max_pool2d'
student: "20260012"
"""

# cell: max_pool2d
def max_pool2d(x, kernel, stride)
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(4, 5))
