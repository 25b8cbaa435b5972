"""Always float32, whatever comes in.

language: ko
points: 81
loses:
  test_gap_adaptive: "dtype이 torch.float32입니다"
  test_gap_avg_pool: "it should keep the input's torch.float64"
student: "20260011"
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    return F.avg_pool2d(x.float(), x.shape[2:]).flatten(1)


# cell: gap_adaptive
def gap_adaptive(x):
    return F.adaptive_avg_pool2d(x.float(), 1).flatten(1)
