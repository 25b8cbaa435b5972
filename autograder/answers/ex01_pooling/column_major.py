"""Goes down the columns first.

language: en
points: 86
loses:
  test_max_pool2d_grad__ties: 'go along rows, not columns'
"""


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    grad = torch.zeros_like(x)
    for i in range(grad_out.shape[2]):
        for j in range(grad_out.shape[3]):
            rows, cols = (
                slice(i * stride, i * stride + kernel),
                slice(j * stride, j * stride + kernel),
            )
            window = x[:, :, rows, cols]
            g = grad_out[:, :, i, j, None, None]
            down = F.one_hot(window.transpose(2, 3).flatten(2).argmax(dim=2), kernel**2)
            grad[:, :, rows, cols] += down.reshape(window.shape).transpose(2, 3) * g
    return grad
