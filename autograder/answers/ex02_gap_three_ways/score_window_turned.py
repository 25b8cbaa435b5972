"""Height and width of the window are swapped.

language: en
points: 85
loses:
  test_score_map: "height and width are swapped"
"""


# cell: score_map
def score_map(x, weight, bias, window):
    w, h = window
    places = F.conv2d(x, weight[:, :, None, None], bias)
    return F.avg_pool2d(places, (h, w), stride=1)
