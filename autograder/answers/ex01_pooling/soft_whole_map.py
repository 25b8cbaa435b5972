"""Weights over the whole map.

language: en
points: 84
loses:
  test_soft_pool2d: "over the whole map, not over each window"
"""


# cell: soft_pool2d
def soft_pool2d(x, kernel, stride, beta):
    weights = (beta * x).flatten(2).softmax(2).reshape(x.shape)
    return (weights * x).unfold(2, kernel, stride).unfold(3, kernel, stride).sum((4, 5))
