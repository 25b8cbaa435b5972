"""One way three times, behind calls whose results are thrown away.

language: ko
points: 84
loses:
  test_gap_avg_pool__route: "avg_pool2d`의 결과에서 나와야"
  test_gap_mean__route: "Does a pooling function make it?"
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    F.avg_pool2d(x, x.shape[2:])
    return F.adaptive_avg_pool2d(x, 1).flatten(1)


# cell: gap_mean
def gap_mean(x):
    unused = x.mean(dim=(2, 3))
    return F.adaptive_avg_pool2d(x, 1).flatten(1) + 0 * unused
