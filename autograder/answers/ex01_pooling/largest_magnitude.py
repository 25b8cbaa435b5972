"""The maximum of the absolute values.

language: en
points: 79
loses:
  test_max_pool2d: '절댓값'
  test_max_pool2d__windows: 'absolute values'
  test_max_pool2d__any_input: 'absolute values'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    y = torch.zeros(n, c, h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.abs().amax(dim=(2, 3))
    return y
