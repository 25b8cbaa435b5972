"""Gradient cut: `detach`, `item` and a tensor built anew.

language: ko
points: 75
loses:
  test_gap_avg_pool: "`detach()`, `numpy()`, `item()`이 계산을 끊었나요?"
  test_gap_avg_pool__any_size: "No gradient reaches `x`"
  test_gap_mean: "No gradient flows from `gap_mean`"
  test_gap_mean__layout: "`x`까지 기울기가 흐르지 않습니다"
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    with torch.no_grad():
        return torch.tensor(
            F.avg_pool2d(x, x.shape[2:]).flatten(1).tolist(), dtype=x.dtype
        ).reshape(x.shape[:2])


# cell: gap_mean
def gap_mean(x):
    return torch.tensor(
        [[x[i, j].mean().item() for j in range(x.shape[1])] for i in range(x.shape[0])],
        dtype=x.dtype,
    )
