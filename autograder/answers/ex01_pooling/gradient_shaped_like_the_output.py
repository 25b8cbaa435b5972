"""The gradient in the shape of the pooled map.

language: en
points: 75
loses:
  test_max_pool2d_grad: '`grad_out`의 모양이 아니라'
  test_max_pool2d_grad__ties: 'Not that of `grad_out`'
  test_max_pool2d_grad__overlap: 'Not that of `grad_out`'
  test_max_pool2d_grad__any_input: 'that of `x`'
"""


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    grad = torch.zeros_like(grad_out)
    for i in range(grad_out.shape[2]):
        for j in range(grad_out.shape[3]):
            rows, cols = (
                slice(i * stride, i * stride + kernel),
                slice(j * stride, j * stride + kernel),
            )
            window = x[:, :, rows, cols]
            g = grad_out[:, :, i, j, None, None]
            grad[:, :, i, j] = window.amax(dim=(2, 3)) * grad_out[:, :, i, j]
    return grad
