"""Halves from 1 to a million, but never returns the million itself.

language: en
points: 85
loses:
  test_equal_parameter_width__calls: "exactly one million"
"""

# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    low, high = 0, 1_000_000
    while high - low > 1:
        middle = (low + high) // 2
        if sum(p.numel() for p in build(middle).parameters()) <= budget:
            low = middle
        else:
            high = middle
    return low
