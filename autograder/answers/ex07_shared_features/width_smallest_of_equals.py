"""The smallest of the widths with equally many parameters.

language: en
points: 84
loses:
  test_equal_parameter_width__edges: "The largest of them"
"""


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    def size(width):
        return sum(p.numel() for p in build(width).parameters())

    low, high = 0, 1
    while size(high) <= budget:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if size(middle) <= budget:
            low = middle
        else:
            high = middle
    best = low
    while best > 1 and size(best - 1) == size(low):
        best -= 1
    return best
