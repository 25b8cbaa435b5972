"""한 번에 꼭 맞는 폭을 만나면 찾기를 멈춘다. 1과 100만 사이에서 찾는다.

language: ko
points: 84
loses:
  test_equal_parameter_width__edges: "가장 큰 폭은 21"
"""


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    low, high, best = 1, 1_000_000, 0
    while low <= high:
        middle = (low + high) // 2
        count = sum(p.numel() for p in build(middle).parameters())
        if count == budget:
            return middle
        if count < budget:
            best, low = middle, middle + 1
        else:
            high = middle - 1
    return best
