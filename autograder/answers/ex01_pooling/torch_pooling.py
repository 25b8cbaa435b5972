"""Torch's own pooling, plain and as a module.

language: ko
points: 69
loses:
  test_max_pool2d: 'torch의 풀링'
  test_max_pool2d__windows: "calls torch's"
  test_max_pool2d__any_input: "calls torch's"
  test_avg_pool2d: 'torch의 풀링'
  test_avg_pool2d__windows: "calls torch's"
  test_avg_pool2d__any_input: "calls torch's"
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    return F.max_pool2d(x, kernel, stride)


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    return nn.AvgPool2d(kernel, stride)(x)
