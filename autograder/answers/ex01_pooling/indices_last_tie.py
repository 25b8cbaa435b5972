"""The last of several maxima.

language: en
points: 88
loses:
  test_max_pool2d_indices__ties: "the cell with the smallest number"
"""


# cell: max_pool2d_indices
def max_pool2d_indices(x, kernel, stride, padding):
    padded = F.pad(x, [padding] * 4, value=-torch.inf)
    windows = padded.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    values, last = windows.flip(4).max(dim=4)
    first = kernel * kernel - 1 - last
    rows = torch.arange(first.shape[2])[:, None] * stride + first // kernel
    cols = torch.arange(first.shape[3]) * stride + first % kernel
    return values, (rows - padding) * x.shape[3] + cols - padding
