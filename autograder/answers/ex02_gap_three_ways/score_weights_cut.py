"""A layer is built around a copy of the weights: no gradient reaches them.

language: ko
points: 87
loses:
  test_score_map__gradient: "weight까지 기울기가 흐르지 않습니다"
"""


# cell: score_map
def score_map(x, weight, bias, window):
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], 1, bias=bias is not None, dtype=x.dtype)
    layer.weight.data = weight[:, :, None, None].data
    if bias is not None:
        layer.bias.data = bias.data
    return F.avg_pool2d(layer(x), window, stride=1)
