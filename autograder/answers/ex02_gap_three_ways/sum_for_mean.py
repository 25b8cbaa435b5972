"""Sum instead of mean, in all three ways.

language: en
points: 60
loses:
  test_gap_avg_pool: "that is the sum, not the mean"
  test_gap_avg_pool__any_size: "평균이 아니라 합입니다"
  test_gap_avg_pool__route: "that is the sum, not the mean"
  test_gap_adaptive: "that is the sum, not the mean"
  test_gap_adaptive__any_size: "평균이 아니라 합입니다"
  test_gap_adaptive__route: "that is the sum, not the mean"
  test_gap_mean: "that is the sum, not the mean"
  test_gap_mean__layout: "평균이 아니라 합입니다"
  test_gap_mean__route: "that is the sum, not the mean"
student: "20260006"
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    return x.sum(dim=(2, 3))


# cell: gap_adaptive
def gap_adaptive(x):
    return x.sum(dim=(2, 3))


# cell: gap_mean
def gap_mean(x):
    return x.sum(dim=(2, 3))
