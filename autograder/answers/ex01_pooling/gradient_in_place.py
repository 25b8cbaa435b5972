"""The gradient is written into x.

language: ko
points: 75
loses:
  test_max_pool2d_grad: '입력의 값을 바꾸었습니다'
  test_max_pool2d_grad__ties: 'changed its input'
  test_max_pool2d_grad__overlap: 'changed its input'
  test_max_pool2d_grad__any_input: 'changed its input'
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
            place = window.flatten(2).argmax(dim=2)
            grad[:, :, rows, cols] += F.one_hot(place, kernel**2).reshape(window.shape) * g
    x[:] = grad
    return x
