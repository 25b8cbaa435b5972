"""Tied maxima share the gradient (what `amax` does).

language: en
points: 86
loses:
  test_max_pool2d_grad__ties: 'the tied cells shared'
student: "20260010"
"""


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    leaf = x.clone().requires_grad_()
    y = leaf.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(4, 5))
    return torch.autograd.grad(y, leaf, grad_out)[0]
