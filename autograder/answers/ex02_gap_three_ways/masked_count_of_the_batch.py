"""One count for the whole batch.

language: en
points: 84
loses:
  test_masked_gap: "Each image has its own count"
"""


# cell: masked_gap
def masked_gap(x, mask):
    total = torch.where(mask[:, None], x, 0).sum(dim=(2, 3))
    return total / mask.sum().clamp(min=1)
