"""꼭 같은 것도 넘은 것으로 센다.

language: ko
points: 75
loses:
  test_equal_parameter_width: "하나 더 넓어도"
  test_equal_parameter_width__edges: "하나 더 넓어도"
"""


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    def size(width):
        return sum(p.numel() for p in build(width).parameters())

    low, high = 0, 1
    while size(high) < budget:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if size(middle) < budget:
            low = middle
        else:
            high = middle
    return low
