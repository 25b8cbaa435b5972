"""Right: shifted slices, the largest so far kept with its number.

language: en
points: 90
loses: {}
"""


# cell: max_pool2d_indices
def max_pool2d_indices(x, kernel, stride, padding):
    N, C, H, W = x.shape
    h, w = [(n + 2 * padding - kernel) // stride + 1 for n in (H, W)]
    y = torch.nn.functional.pad(x, (padding,) * 4, mode="constant", value=-math.inf)
    best = torch.full((N, C, h, w), -math.inf, dtype=x.dtype)
    place = torch.zeros(N, C, h, w, dtype=torch.long)
    row0 = torch.arange(h).view(h, 1) * stride - padding
    col0 = torch.arange(w).view(1, w) * stride - padding
    for a in range(kernel):
        for b in range(kernel):
            here = y[
                :, :, a : a + (h - 1) * stride + 1 : stride, b : b + (w - 1) * stride + 1 : stride
            ]
            better = here > best
            place = torch.where(better, (row0 + a) * W + col0 + b, place)
            best = torch.where(better, here, best)
    return best, place


import math


# cell: soft_pool2d
def soft_pool2d(x, kernel, stride, beta):
    h, w = [(n - kernel) // stride + 1 for n in x.shape[2:]]
    cells = torch.stack(
        [
            x[:, :, a : a + (h - 1) * stride + 1 : stride, b : b + (w - 1) * stride + 1 : stride]
            for a in range(kernel)
            for b in range(kernel)
        ]
    )
    top = cells.max(0).values.detach()
    e = ((cells - top) * beta).exp()
    return top + ((cells - top) * e).sum(0) / e.sum(0)


# cell: adaptive_avg_pool2d
def adaptive_avg_pool2d(x, size):
    def along(t, m):  # the last axis
        n = t.shape[-1]
        parts = []
        for i in range(m):
            first = (i * n) // m
            last = -(-((i + 1) * n) // m)
            parts.append(sum(t[..., k] for k in range(first, last)) / (last - first))
        return torch.stack(parts, -1)

    return along(along(x, size[1]).transpose(2, 3), size[0]).transpose(2, 3)
