"""The weights are taken for constants.

language: en
points: 86
loses:
  test_soft_pool2d__gradient: "It flows through the weights, too"
"""


# cell: soft_pool2d
def soft_pool2d(x, kernel, stride, beta):
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    return ((beta * windows).softmax(4).detach() * windows).sum(4)
