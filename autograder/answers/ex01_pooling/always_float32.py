"""Always float32.

language: en
points: 81
loses:
  test_max_pool2d__any_input: 'dtype'
  test_avg_pool2d__any_input: 'keep the input'
  test_max_pool2d_grad__any_input: 'dtype'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    y = torch.zeros(n, c, h, w)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.amax(dim=(2, 3))
    return y


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    y = torch.zeros(n, c, h, w)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.mean(dim=(2, 3))
    return y


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    grad = torch.zeros(x.shape)
    for i in range(grad_out.shape[2]):
        for j in range(grad_out.shape[3]):
            rows, cols = (
                slice(i * stride, i * stride + kernel),
                slice(j * stride, j * stride + kernel),
            )
            place = x[:, :, rows, cols].flatten(2).argmax(dim=2, keepdim=True)
            part = torch.zeros(*x.shape[:2], kernel**2).scatter(
                2, place, grad_out[:, :, i, j, None].float()
            )
            grad[:, :, rows, cols] += part.reshape(*x.shape[:2], kernel, kernel)
    return grad
