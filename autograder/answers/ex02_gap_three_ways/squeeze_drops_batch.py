"""`squeeze()` without axes: a batch of one loses its batch axis.

language: en
points: 85
loses:
  test_gap_avg_pool__any_size: "a batch or channel axis of length 1 was dropped too"
  test_gap_adaptive__any_size: "길이가 1인 배치 축이나 채널 축까지 없앴습니다"
student: "20260010"
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    return F.avg_pool2d(x, x.shape[2:]).squeeze()


# cell: gap_adaptive
def gap_adaptive(x):
    return nn.AdaptiveAvgPool2d(1)(x).squeeze()
