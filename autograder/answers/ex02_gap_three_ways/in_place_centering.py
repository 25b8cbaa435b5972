"""The input is changed in place on the way to a right answer.

language: en
points: 80
loses:
  test_gap_mean: "changed its input x"
  test_gap_mean__layout: "입력 x의 값을 바꾸었습니다"
  test_gap_mean__route: "changed its input x"
"""


# cell: gap_mean
def gap_mean(x):
    y = x.mean(dim=(2, 3))
    x -= y[:, :, None, None]
    return y
