"""The padding of the input itself is set to 0.

language: ko
points: 81
loses:
  test_masked_gap: "입력의 값을 바꾸었습니다"
  test_masked_gap__gradient: "in-place operation"
"""


# cell: masked_gap
def masked_gap(x, mask):
    x[~mask[:, None].expand_as(x)] = 0
    return x.sum((2, 3)) / mask.sum((1, 2))[:, None].clamp(min=1)
