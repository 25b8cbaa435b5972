"""The gradient of average pooling.

language: ko
points: 75
loses:
  test_max_pool2d_grad: '평균 풀링의 기울기'
  test_max_pool2d_grad__ties: 'the tied cells shared'
  test_max_pool2d_grad__overlap: 'spread over the whole window'
  test_max_pool2d_grad__any_input: '평균 풀링의 기울기'
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
            grad[:, :, rows, cols] += g / kernel**2
    return grad
