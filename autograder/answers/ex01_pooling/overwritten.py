"""Overlapping windows write over each other.

language: ko
points: 86
loses:
  test_max_pool2d_grad__overlap: '덮어썼습니다'
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
            first = F.one_hot(window.flatten(2).argmax(dim=2), kernel**2).reshape(window.shape)
            grad[:, :, rows, cols] = torch.where(first == 1, g, grad[:, :, rows, cols])
    return grad
