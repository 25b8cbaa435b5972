"""Every maximum receives the whole gradient.

language: ko
points: 86
loses:
  test_max_pool2d_grad__ties: '같은 값인 칸이 모두'
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
            grad[:, :, rows, cols] += (window == window.amax(dim=(2, 3), keepdim=True)) * g
    return grad
