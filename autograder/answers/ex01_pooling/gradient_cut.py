"""Values through lists: the gradient is cut.

language: ko
points: 84
loses:
  test_max_pool2d__any_input: '기울기가 흐르지 않습니다'
  test_avg_pool2d__any_input: 'No gradient flows'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    y = torch.zeros(n, c, h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.amax(dim=(2, 3)).detach()
    return y


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    y = torch.zeros(n, c, h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.mean(dim=(2, 3)).detach()
    return y
