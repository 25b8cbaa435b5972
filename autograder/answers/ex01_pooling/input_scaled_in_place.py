"""Divides in place: the input is scaled.

language: ko
points: 80
loses:
  test_avg_pool2d: '입력의 값을 바꾸었습니다'
  test_avg_pool2d__windows: 'changed its input'
  test_avg_pool2d__any_input: 'changed its input'
"""


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    x /= kernel * kernel
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).sum(dim=(4, 5))
