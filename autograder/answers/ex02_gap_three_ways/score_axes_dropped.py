"""`squeeze()` drops the axes of the whole-map window.

language: ko
points: 86
loses:
  test_score_map__ends: "길이가 1인 축이 없어졌습니다"
"""


# cell: score_map
def score_map(x, weight, bias, window):
    places = F.conv2d(x, weight[:, :, None, None], bias)
    return F.avg_pool2d(places, window, stride=1).squeeze()
