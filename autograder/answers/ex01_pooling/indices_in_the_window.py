"""Places are counted inside the window.

language: ko
points: 79
loses:
  test_max_pool2d_indices: "번호를 윈도우 안에서 매겼습니다"
  test_max_pool2d_indices__padding: "번호를 윈도우 안에서 매겼습니다"
"""


# cell: max_pool2d_indices
def max_pool2d_indices(x, kernel, stride, padding):
    padded = F.pad(x, [padding] * 4, value=-torch.inf)
    windows = padded.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    values, first = windows.max(dim=4)
    rows = torch.arange(first.shape[2])[:, None] * stride + first // kernel
    cols = torch.arange(first.shape[3]) * stride + first % kernel
    return values, first
