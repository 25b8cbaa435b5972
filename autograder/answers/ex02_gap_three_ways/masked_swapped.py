"""The mask is read the other way round.

language: en
points: 74
loses:
  test_masked_gap: "`True` and `False` are swapped"
  test_masked_gap__empty: "an image without any `True` should give 0"
  test_masked_gap__padding: "the result changes with"
  test_masked_gap__gradient: "the padding receives a gradient"
"""


# cell: masked_gap
def masked_gap(x, mask):
    m = mask[:, None]
    return x.masked_fill(m, 0).sum((2, 3)) / (~m).sum((2, 3)).clamp(min=1)
