"""Stops at the first width that has exactly `budget` parameters.

language: en
points: 84
loses:
  test_equal_parameter_width__edges: "one more would still fit"
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
        count = size(middle)
        if count == budget:
            return middle
        if count < budget:
            low = middle
        else:
            high = middle
    return low
