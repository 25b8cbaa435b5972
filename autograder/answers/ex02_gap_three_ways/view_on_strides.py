"""`view` merges axes of a tensor that is not contiguous.

language: ko
points: 87
loses:
  test_gap_mean__layout: "`view`는 메모리에서 고른 간격으로 이어진 축만 합칩니다"
"""


# cell: gap_mean
def gap_mean(x):
    n, c, h, w = x.shape
    return torch.mean(x.view(n, c, h * w), dim=2)
