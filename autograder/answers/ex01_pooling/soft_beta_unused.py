"""beta is not used.

language: ko
points: 84
loses:
  test_soft_pool2d: "`beta`를 쓰지 않았습니다"
"""


# cell: soft_pool2d
def soft_pool2d(x, kernel, stride, beta):
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    return (windows.softmax(4) * windows).sum(4)
