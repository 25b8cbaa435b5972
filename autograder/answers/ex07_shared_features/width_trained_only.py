"""Only parameters that train are counted.

language: en
points: 84
loses:
  test_equal_parameter_width__edges: "All parameters count"
"""


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    def size(width):
        return sum(p.numel() for p in build(width).parameters() if p.requires_grad)

    low, high = 0, 1
    while size(high) <= budget:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if size(middle) <= budget:
            low = middle
        else:
            high = middle
    return low
