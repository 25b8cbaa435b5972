"""폭이 1024를 넘지 않는다고 믿는다.

language: ko
points: 85
loses:
  test_equal_parameter_width__calls: "답이 큽니다"
"""


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    low, high = 0, 1024
    while high - low > 1:
        middle = (low + high) // 2
        if sum(p.numel() for p in build(middle).parameters()) <= budget:
            low = middle
        else:
            high = middle
    return low
