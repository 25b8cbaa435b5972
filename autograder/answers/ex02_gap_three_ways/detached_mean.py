"""`detach()` at the end of an otherwise right mean.

language: en
points: 83
loses:
  test_gap_mean: "No gradient flows from `gap_mean` back to x"
  test_gap_mean__layout: "No gradient reaches `x`"
"""


# cell: gap_mean
def gap_mean(x):
    return x.detach().mean(dim=(2, 3))
