"""One way three times: adaptive_avg_pool2d everywhere.

language: en
points: 84
loses:
  test_gap_avg_pool__route: "should get its answer from `avg_pool2d`. It called: `adaptive_avg_pool2d`"
  test_gap_mean__route: "`mean` 계열 함수로"
student: "20260004"
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    return F.adaptive_avg_pool2d(x, 1).flatten(1)


# cell: gap_adaptive
def gap_adaptive(x):
    return F.adaptive_avg_pool2d(x, 1).flatten(1)


# cell: gap_mean
def gap_mean(x):
    return F.adaptive_avg_pool2d(x, 1).flatten(1)
