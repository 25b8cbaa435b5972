"""Times 0, divided by 0, nan replaced: it comes back in the backward pass, and with nan in the padding.

language: en
points: 83
loses:
  test_masked_gap__empty: "Avoid the division by 0 itself"
  test_masked_gap__padding: "`nan` times 0 is not 0"
"""


# cell: masked_gap
def masked_gap(x, mask):
    m = mask[:, None].to(x.dtype)
    means = (x * m).sum(dim=(2, 3)) / m.sum(dim=(2, 3))
    return torch.where(m.sum(dim=(2, 3)) == 0, torch.zeros_like(means), means)
