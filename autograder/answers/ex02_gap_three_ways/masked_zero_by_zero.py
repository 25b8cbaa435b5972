"""0 divided by 0: an image without any place gives nan.

language: ko
points: 86
loses:
  test_masked_gap__empty: "`True`가 없는 이미지에서 결과가 `nan`입니다"
"""


# cell: masked_gap
def masked_gap(x, mask):
    total = torch.where(mask[:, None], x, 0).sum(dim=(2, 3))
    return total / mask.sum(dim=(1, 2))[:, None]
