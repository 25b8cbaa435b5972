"""`squeeze` drops axes of length 1.

language: ko
points: 79
loses:
  test_max_pool2d: '길이가 1인 축'
  test_max_pool2d__windows: 'axis of length 1'
  test_max_pool2d__any_input: 'axis of length 1'
student: "20260011"
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(4, 5)).squeeze()
