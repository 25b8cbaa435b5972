"""Off by one: the last window is lost.

language: ko
points: 79
loses:
  test_max_pool2d: '마지막 윈도우'
  test_max_pool2d__windows: 'last window'
  test_max_pool2d__any_input: 'last window'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = (height - kernel) // stride, (width - kernel) // stride
    y = torch.zeros(n, c, h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.amax(dim=(2, 3))
    return y
