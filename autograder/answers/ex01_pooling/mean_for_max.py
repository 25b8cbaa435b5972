"""Mean for maximum.

language: ko
points: 79
loses:
  test_max_pool2d: '최댓값이 아니라 평균'
  test_max_pool2d__windows: 'the mean, not the maximum'
  test_max_pool2d__any_input: 'the mean, not the maximum'
student: "20260007"
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, height, width = x.shape
    h, w = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    y = torch.zeros(n, c, h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.mean(dim=(2, 3))
    return y
