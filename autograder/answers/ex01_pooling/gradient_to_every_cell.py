"""Every cell of the window receives the gradient.

language: en
points: 75
loses:
  test_max_pool2d_grad: '모든 칸이 받았습니다'
  test_max_pool2d_grad__ties: 'all tied cells got the gradient'
  test_max_pool2d_grad__overlap: 'every cell of the window'
  test_max_pool2d_grad__any_input: 'every cell of the window'
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
            grad[:, :, rows, cols] += g
    return grad
