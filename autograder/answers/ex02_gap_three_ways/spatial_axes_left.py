"""Shape left as (N, C, 1, 1) by all three ways.

language: ko
points: 60
loses:
  test_gap_avg_pool: "길이가 1인 마지막 두 축을 없애서"
  test_gap_avg_pool__any_size: "drop the last two axes"
  test_gap_avg_pool__route: "drop the last two axes"
  test_gap_adaptive: "길이가 1인 마지막 두 축을 없애서"
  test_gap_adaptive__any_size: "drop the last two axes"
  test_gap_adaptive__route: "drop the last two axes"
  test_gap_mean: "길이가 1인 마지막 두 축을 없애서"
  test_gap_mean__layout: "drop the last two axes"
  test_gap_mean__route: "drop the last two axes"
student: "20260009"
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    return F.avg_pool2d(x, x.shape[2:])


# cell: gap_adaptive
def gap_adaptive(x):
    return F.adaptive_avg_pool2d(x, 1)


# cell: gap_mean
def gap_mean(x):
    return x.mean(dim=(2, 3), keepdim=True)
