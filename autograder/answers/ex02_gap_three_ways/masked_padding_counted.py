"""The sum over the image is divided by H·W, padding included.

language: ko
points: 84
loses:
  test_masked_gap: "패딩까지 세어 나누었습니다"
"""


# cell: masked_gap
def masked_gap(x, mask):
    return torch.where(mask[:, None], x, 0).mean(dim=(2, 3))
