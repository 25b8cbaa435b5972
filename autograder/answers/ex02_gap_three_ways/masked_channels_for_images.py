"""The mask without a channel axis: matched with channels, or an error.

language: en
points: 80
loses:
  test_masked_gap: "RuntimeError"
  test_masked_gap__empty: "RuntimeError"
"""


# cell: masked_gap
def masked_gap(x, mask):
    return torch.where(mask, x, 0).sum((2, 3)) / mask.sum((1, 2)).clamp(min=1)[:, None]
