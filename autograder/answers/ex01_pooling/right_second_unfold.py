"""Right: F.unfold on channels as images, cumulative sums.

language: ko
points: 90
loses: {}
"""


# cell: max_pool2d_indices
def max_pool2d_indices(x, kernel, stride, padding):
    N, C, H, W = x.shape
    oh = (H + 2 * padding - kernel) // stride + 1
    ow = (W + 2 * padding - kernel) // stride + 1
    big = torch.full((N * C, 1, H + 2 * padding, W + 2 * padding), float("-inf"), dtype=x.dtype)
    big[:, :, padding : padding + H, padding : padding + W] = x.reshape(N * C, 1, H, W)
    columns = F.unfold(big, kernel, stride=stride)  # (N * C, kernel * kernel, oh * ow)
    best, where = columns.max(dim=1)
    i = torch.arange(oh).repeat_interleave(ow)
    j = torch.arange(ow).repeat(oh)
    row = i * stride + torch.div(where, kernel, rounding_mode="floor") - padding
    col = j * stride + where % kernel - padding
    return best.reshape(N, C, oh, ow), (row * W + col).reshape(N, C, oh, ow)


# cell: soft_pool2d
def soft_pool2d(x, kernel, stride, beta):
    N, C, H, W = x.shape
    columns = F.unfold(x.reshape(N * C, 1, H, W), kernel, stride=stride)
    weights = F.softmax(columns * beta, dim=1)
    shape = (N, C, (H - kernel) // stride + 1, (W - kernel) // stride + 1)
    return torch.sum(weights * columns, dim=1).reshape(shape)


# cell: adaptive_avg_pool2d
def adaptive_avg_pool2d(x, size):
    for axis, m in zip((2, 3), size):
        n = x.shape[axis]
        i = torch.arange(m)
        start, end = i * n // m, -((-(i + 1) * n) // m)
        zero = torch.zeros_like(x.narrow(axis, 0, 1))
        sums = torch.cat([zero, x.double().cumsum(axis).to(x.dtype)], axis)
        total = sums.index_select(axis, end) - sums.index_select(axis, start)
        shape = (-1, 1) if axis == 2 else (-1,)
        x = total / (end - start).to(x.dtype).reshape(shape)
    return x
