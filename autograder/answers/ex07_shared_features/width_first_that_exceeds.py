"""The first width that exceeds the budget.

language: en
points: 70
loses:
  test_equal_parameter_width: "The answer is one less"
  test_equal_parameter_width__edges: "The answer is one less"
  test_equal_parameter_width__calls: "The answer is one less"
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
    return high
