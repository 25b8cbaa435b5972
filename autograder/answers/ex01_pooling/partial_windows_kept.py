"""Ceil for floor: partial windows are kept.

language: en
points: 86
loses:
  test_max_pool2d__windows: 'a partial window was kept'
student: "20260004"
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = -(-(height - kernel) // stride) + 1, -(-(width - kernel) // stride) + 1
    y = torch.zeros(n, c, h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.amax(dim=(2, 3))
    return y
