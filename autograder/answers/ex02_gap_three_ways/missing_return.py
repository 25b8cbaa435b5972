"""`return` forgotten.

language: en
points: 81
loses:
  test_gap_adaptive: "`gap_adaptive` has no `return`"
  test_gap_adaptive__any_size: "`gap_adaptive`에 `return`이 없습니다"
  test_gap_adaptive__route: "`gap_adaptive` has no `return`"
student: "20260012"
"""


# cell: gap_adaptive
def gap_adaptive(x):
    y = F.adaptive_avg_pool2d(x, 1).flatten(1)
