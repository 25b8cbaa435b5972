"""`kernel` and `stride` swapped.

language: ko
points: 87
loses:
  test_avg_pool2d__windows: 'are swapped'
"""


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    return x.unfold(2, stride, kernel).unfold(3, stride, kernel).mean(dim=(4, 5))
