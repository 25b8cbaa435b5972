"""`view` merges axes of a tensor that is not contiguous.

language: ko
points: 87
loses:
  test_gap_mean__layout: "`view`는 연속인 텐서에서만 축을 합칩니다"
"""


# cell: gap_mean
def gap_mean(x):
    n, c, h, w = x.shape
    return torch.mean(x.view(n, c, h * w), dim=2)
