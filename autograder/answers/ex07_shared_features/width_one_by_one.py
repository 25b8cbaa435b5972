"""폭을 1부터 하나씩 늘린다.

language: ko
points: 85
loses:
  test_equal_parameter_width__calls: "more than 60 times"
"""


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    width = 1
    while sum(p.numel() for p in build(width).parameters()) <= budget:
        width += 1
    return width - 1
