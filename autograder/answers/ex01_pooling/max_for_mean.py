"""Maximum for mean.

language: ko
points: 80
loses:
  test_avg_pool2d: '평균이 아니라 최댓값'
  test_avg_pool2d__windows: 'the maximum, not the mean'
  test_avg_pool2d__any_input: 'the maximum, not the mean'
"""


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    y = torch.zeros(n, c, h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.amax(dim=(2, 3))
    return y
