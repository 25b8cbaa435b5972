"""Syntax error in one cell: that function is lost, the others are not.

language: ko
points: 79
loses:
  test_gap_avg_pool: "gap_avg_pool"
  test_gap_avg_pool__any_size: "gap_avg_pool"
  test_gap_avg_pool__route: "gap_avg_pool"
"""

# cell: gap_avg_pool
def gap_avg_pool(x)
    return F.avg_pool2d(x, x.shape[2:]).flatten(1)
