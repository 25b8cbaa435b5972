"""The search for the maximum starts at 0.

language: ko
points: 79
loses:
  test_max_pool2d: '0에서 시작해'
  test_max_pool2d__windows: 'started at 0'
  test_max_pool2d__any_input: 'started at 0'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    y = torch.zeros(n, c, h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = torch.maximum(y[:, :, i, j], window.amax(dim=(2, 3)))
    return y
