"""Right: the cells' numbers are padded and unfolded beside the values; matrices for adaptive pooling.

language: en
points: 90
loses: {}
"""


# cell: max_pool2d_indices
def windows_of(t, kernel, stride):
    return t.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(-2)


def max_pool2d_indices(x, kernel, stride, padding):
    number = (
        torch.arange(x.shape[2] * x.shape[3]).reshape(1, 1, x.shape[2], x.shape[3]).expand_as(x)
    )
    pad = (padding, padding, padding, padding)
    values = windows_of(F.pad(x, pad, value=float("-inf")), kernel, stride)
    numbers = windows_of(F.pad(number, pad, value=-1), kernel, stride)
    best = values.amax(-1, keepdim=True)
    candidates = numbers.masked_fill((values != best) | (numbers < 0), x.shape[2] * x.shape[3])
    return best.squeeze(-1), candidates.amin(-1)


# cell: soft_pool2d
def soft_pool2d(x, kernel, stride, beta):
    patches = windows_of(x, kernel, stride)
    logits = beta * patches
    return (torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True)) * patches).sum(-1)


# cell: adaptive_avg_pool2d
def weights_of(n, m, dtype):
    matrix = torch.zeros(m, n, dtype=dtype)
    for i in range(m):
        start, end = i * n // m, ((i + 1) * n + m - 1) // m
        matrix[i, start:end] = 1 / (end - start)
    return matrix


def adaptive_avg_pool2d(x, size):
    left, right = weights_of(x.shape[2], size[0], x.dtype), weights_of(x.shape[3], size[1], x.dtype)
    return left @ x @ right.T
