"""Crashes where there is no bias.

language: en
points: 83
loses:
  test_score_map__ends: "`score_map` raised an error"
  test_score_map__gradient: "`score_map` raised an error"
"""


# cell: score_map
def score_map(x, weight, bias, window):
    places = F.conv2d(x, weight[:, :, None, None]) + bias[:, None, None]
    return F.avg_pool2d(places, window, stride=1)
