"""A tie goes to the last maximum.

language: ko
points: 86
loses:
  test_max_pool2d_grad__ties: '마지막 칸이 받았습니다'
student: "20260005"
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
            place = kernel**2 - 1 - window.flatten(2).flip(2).argmax(dim=2)
            grad[:, :, rows, cols] += F.one_hot(place, kernel**2).reshape(window.shape) * g
    return grad
