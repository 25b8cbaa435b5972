"""Where nothing fits, 1.

language: en
points: 84
loses:
  test_equal_parameter_width__edges: "Width 0 cannot be built"
"""


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    def size(width):
        return sum(p.numel() for p in build(width).parameters())

    low, high = 1, 2
    while size(high) <= budget:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if size(middle) <= budget:
            low = middle
        else:
            high = middle
    return low
