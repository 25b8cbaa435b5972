"""버퍼까지 모두 센다.

language: ko
points: 70
loses:
  test_equal_parameter_width: "하나 더 넓어도"
  test_equal_parameter_width__edges: "가장 큰 폭"
  test_equal_parameter_width__calls: "답이 큽니다"
"""


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    def size(width):
        return sum(t.numel() for t in build(width).state_dict().values())

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
