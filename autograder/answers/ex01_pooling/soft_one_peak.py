"""The maximum of the whole map is subtracted: lower windows vanish.

language: en
points: 85
loses:
  test_soft_pool2d__large: "not of the whole map"
"""


# cell: soft_pool2d
def soft_pool2d(x, kernel, stride, beta):
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    e = torch.exp(beta * (windows - x.amax((2, 3))[:, :, None, None, None]))
    return (e * windows).sum(4) / e.sum(4)
