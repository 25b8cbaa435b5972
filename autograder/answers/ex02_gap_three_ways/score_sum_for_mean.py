"""Scores are added up in the window.

language: ko
points: 81
loses:
  test_score_map: "평균 내지 않고 더했습니다"
  test_score_map__ends: "평균 내지 않고 더했습니다"
"""


# cell: score_map
def score_map(x, weight, bias, window):
    places = F.conv2d(x, weight[:, :, None, None], bias)
    return F.avg_pool2d(places, window, stride=1) * (window[0] * window[1])
