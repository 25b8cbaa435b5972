"""Hard-coded sizes: right for the 2×3×4×4 example alone.

language: ko
points: 74
loses:
  test_gap_avg_pool__any_size: "윈도우 크기를 숫자로 고정하지 않았는지"
  test_gap_adaptive: "gap_adaptive"
  test_gap_adaptive__any_size: "gap_adaptive"
  test_gap_mean__layout: "gap_mean"
  test_gap_mean: "gap_mean"
student: "20260007"
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    return F.avg_pool2d(x, 4).flatten(1)


# cell: gap_adaptive
def gap_adaptive(x):
    return F.adaptive_avg_pool2d(x, 1).view(2, 3)


# cell: gap_mean
def gap_mean(x):
    return x.reshape(2, 3, 16).mean(dim=2)
