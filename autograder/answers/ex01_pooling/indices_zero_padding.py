"""The padding is 0.

language: ko
points: 87
loses:
  test_max_pool2d_indices__low: "패딩이 최댓값이 됩니다"
"""


# cell: max_pool2d_indices
def max_pool2d_indices(x, kernel, stride, padding):
    padded = F.pad(x, [padding] * 4, value=0)
    windows = padded.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    values, first = windows.max(dim=4)
    rows = torch.arange(first.shape[2])[:, None] * stride + first // kernel
    cols = torch.arange(first.shape[3]) * stride + first % kernel
    return values, (rows - padding) * x.shape[3] + cols - padding
