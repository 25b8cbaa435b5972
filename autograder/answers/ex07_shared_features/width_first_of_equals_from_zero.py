"""한 번에 꼭 맞는 폭을 만나면 찾기를 멈춘다. 0과 100만 사이에서 시작한다.

language: ko
points: 84
loses:
  test_equal_parameter_width__edges: "멈추지 말고"
"""


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    low, high, best = 0, 1_000_000, 0
    while low <= high:
        middle = (low + high) // 2
        if middle < 1:
            return best
        count = sum(p.numel() for p in build(middle).parameters())
        if count == budget:
            return middle
        if count < budget:
            best, low = middle, middle + 1
        else:
            high = middle - 1
    return best
