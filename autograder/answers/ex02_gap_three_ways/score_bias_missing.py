"""The bias is missing.

language: en
points: 85
loses:
  test_score_map: "the bias is missing"
"""


# cell: score_map
def score_map(x, weight, bias, window):
    places = torch.einsum("nchw,kc->nkhw", x, weight)
    return F.avg_pool2d(places, window, stride=1)
