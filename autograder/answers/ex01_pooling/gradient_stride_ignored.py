"""The gradient for windows that move by their own size.

language: ko
points: 86
loses:
  test_max_pool2d_grad__overlap: 'RuntimeError'
"""


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    grad = torch.zeros_like(x)
    for i in range(grad_out.shape[2]):
        for j in range(grad_out.shape[3]):
            rows, cols = (
                slice(i * kernel, i * kernel + kernel),
                slice(j * kernel, j * kernel + kernel),
            )
            window = x[:, :, rows, cols]
            g = grad_out[:, :, i, j, None, None]
            place = window.flatten(2).argmax(dim=2)
            grad[:, :, rows, cols] += F.one_hot(place, kernel**2).reshape(window.shape) * g
    return grad
