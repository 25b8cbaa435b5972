"""The search for the maximum starts at a number that is only rather low.

language: en
points: 87
loses:
  test_max_pool2d__any_input: '어떤 수에서 시작했나요'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    y = torch.full((n, c, h, w), -1e9, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = torch.maximum(y[:, :, i, j], window.amax(dim=(2, 3)))
    return y
