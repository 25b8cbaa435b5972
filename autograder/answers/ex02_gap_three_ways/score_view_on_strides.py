"""`view` on a tensor that is not contiguous.

language: en
points: 87
loses:
  test_score_map__gradient: "`score_map` raised an error"
"""


# cell: score_map
def score_map(x, weight, bias, window):
    N, C, H, W = x.shape
    scores = weight @ x.view(N, C, H * W)
    if bias is not None:
        scores = scores + bias[:, None]
    return F.avg_pool2d(scores.view(N, -1, H, W), window, stride=1)
