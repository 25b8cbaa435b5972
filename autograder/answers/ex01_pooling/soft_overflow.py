"""exp of the values as they are.

language: ko
points: 85
loses:
  test_soft_pool2d__large: "`inf`나 `nan`이 나옵니다"
"""


# cell: soft_pool2d
def soft_pool2d(x, kernel, stride, beta):
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    e = torch.exp(beta * windows)
    return (e * windows).sum(4) / e.sum(4)
