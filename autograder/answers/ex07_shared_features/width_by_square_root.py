"""파라미터가 폭의 제곱에 비례한다고 믿는 공식.

language: ko
points: 70
loses:
  test_equal_parameter_width: "가장 큰 폭"
  test_equal_parameter_width__edges: "가장 큰 폭"
  test_equal_parameter_width__calls: "답이 큽니다"
"""


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    one = sum(p.numel() for p in build(1).parameters())
    return int((budget / one) ** 0.5)
