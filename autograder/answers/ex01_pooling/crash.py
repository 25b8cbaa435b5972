"""Crash: a typing error in one function, a missing import in another.

language: en
points: 65
loses:
  test_avg_pool2d: 'AttributeError'
  test_avg_pool2d__windows: 'AttributeError'
  test_avg_pool2d__any_input: 'AttributeError'
  test_max_pool2d_grad: 'NameError'
  test_max_pool2d_grad__ties: 'NameError'
  test_max_pool2d_grad__overlap: 'NameError'
  test_max_pool2d_grad__any_input: 'NameError'
student: "20260009"
"""


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).maen(dim=(4, 5))


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    return np.zeros(x.shape)
