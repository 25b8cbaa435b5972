"""Torch's pooling stands behind a switch that nobody turns.

language: en
points: 79
loses:
  test_max_pool2d: "The code of `max_pool2d` mentions torch's `max_pool2d`"
  test_max_pool2d__windows: "코드에 torch의 `max_pool2d`이(가) 나옵니다"
  test_max_pool2d__any_input: "from every line that could run, whether or not it did"
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride, compare=False):
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride)
    y = windows.amax(dim=(4, 5))
    if compare:
        print((y - F.max_pool2d(x, kernel, stride)).abs().max())
    return y
