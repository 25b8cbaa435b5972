"""Wrong axis: the mean over the channels.

language: ko
points: 80
loses:
  test_gap_mean: "`gap_mean`의 모양이 (2, 4, 4)입니다"
  test_gap_mean__layout: "Batch and channel are the axes to keep"
  test_gap_mean__route: "`gap_mean`의 모양이 (2, 4, 4)입니다"
student: "20260005"
"""


# cell: gap_mean
def gap_mean(x):
    return x.mean(dim=1)
