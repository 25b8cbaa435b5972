"""`view` on an input that is not contiguous.

language: ko
points: 87
loses:
  test_max_pool2d_grad__any_input: 'view'
"""


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    n, c, height, width = x.shape
    flat, grad = x.view(n, c, -1), torch.zeros(n, c, height * width, dtype=x.dtype)
    inside = torch.arange(kernel)[:, None] * width + torch.arange(kernel)
    for i in range(grad_out.shape[2]):
        for j in range(grad_out.shape[3]):
            places = (inside + i * stride * width + j * stride).flatten()
            first = places[flat[:, :, places].argmax(dim=2)]
            grad.scatter_add_(2, first[:, :, None], grad_out[:, :, i, j, None])
    return grad.reshape(x.shape)
