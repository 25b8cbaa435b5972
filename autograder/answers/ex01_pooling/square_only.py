"""The height used for both directions.

language: ko
points: 86
loses:
  test_max_pool2d__windows: 'has the shape (2, 1, 2, 2)'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h = w = (height - kernel) // stride + 1
    y = torch.zeros(n, c, h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.amax(dim=(2, 3))
    return y
