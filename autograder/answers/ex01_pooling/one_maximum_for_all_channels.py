"""One maximum looked for over channels and places together.

language: ko
points: 75
loses:
  test_max_pool2d_grad: '어느 칸으로 가는지'
  test_max_pool2d_grad__ties: '처음 만나는 칸'
  test_max_pool2d_grad__overlap: 'to which cell'
  test_max_pool2d_grad__any_input: 'to which cell'
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
            place = window.flatten(1).argmax(dim=1)
            first = F.one_hot(place, window[0].numel()).reshape(window.shape)
            grad[:, :, rows, cols] += first * g
    return grad
