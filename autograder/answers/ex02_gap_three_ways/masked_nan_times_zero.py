"""The padding is multiplied by 0, which leaves nan and inf.

language: ko
points: 87
loses:
  test_masked_gap__padding: "`nan`에 0을 곱해도 0이 되지 않습니다"
"""


# cell: masked_gap
def masked_gap(x, mask):
    m = mask.unsqueeze(1).to(x.dtype)
    return (x * m).sum(dim=(2, 3)) / m.sum(dim=(2, 3)).clamp(min=1)
