"""The windows do not overlap: average pooling's default stride.

language: ko
points: 85
loses:
  test_score_map: "윈도우가 겹치지 않게 움직였습니다"
"""


# cell: score_map
def score_map(x, weight, bias, window):
    places = F.conv2d(x, weight[:, :, None, None], bias)
    return F.avg_pool2d(places, window)
