"""The gradient by way of torch's own pooling.

language: en
points: 75
loses:
  test_max_pool2d_grad: 'torch의 풀링'
  test_max_pool2d_grad__ties: "calls torch's"
  test_max_pool2d_grad__overlap: "calls torch's"
  test_max_pool2d_grad__any_input: "calls torch's"
"""


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    leaf = x.clone().requires_grad_()
    nn.MaxPool2d(kernel, stride)(leaf).backward(grad_out)
    return leaf.grad
