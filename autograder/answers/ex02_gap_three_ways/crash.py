"""Crash: a typing error in one function, a wrong keyword in another.

language: en
points: 72
loses:
  test_gap_mean: "AttributeError"
  test_gap_mean__layout: "AttributeError"
  test_gap_mean__route: "AttributeError"
  test_global_max_pool: "TypeError"
  test_global_max_pool__gradient: "TypeError"
student: "20260008"
"""


# cell: gap_mean
def gap_mean(x):
    return x.maen(dim=(2, 3))


# cell: global_max_pool
def global_max_pool(x):
    return x.amax(axes=(2, 3))
