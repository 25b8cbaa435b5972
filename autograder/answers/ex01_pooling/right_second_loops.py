"""Right: loops over windows, the padding left out by bounds.

language: ko
points: 90
loses: {}
"""


# cell: max_pool2d_indices
def max_pool2d_indices(x, kernel, stride, padding):
    N, C, H, W = x.shape
    h, w = output_size(H, kernel, stride, padding), output_size(W, kernel, stride, padding)
    values = torch.empty(N, C, h, w, dtype=x.dtype)
    indices = torch.empty(N, C, h, w, dtype=torch.int64)
    for i in range(h):
        for j in range(w):
            top, left = i * stride - padding, j * stride - padding
            r0, r1 = max(top, 0), min(top + kernel, H)
            c0, c1 = max(left, 0), min(left + kernel, W)
            window = x[:, :, r0:r1, c0:c1].flatten(2)
            best, where = window.max(dim=2)
            values[:, :, i, j] = best
            indices[:, :, i, j] = (where // (c1 - c0) + r0) * W + where % (c1 - c0) + c0
    return values, indices


# cell: soft_pool2d
def soft_pool2d(x, kernel, stride, beta):
    N, C, H, W = x.shape
    rows = []
    for i in range(0, H - kernel + 1, stride):
        row = []
        for j in range(0, W - kernel + 1, stride):
            v = x[:, :, i : i + kernel, j : j + kernel].reshape(N, C, -1)
            e = torch.exp(beta * (v - v.max(dim=2, keepdim=True).values))
            row.append((e * v).sum(2) / e.sum(2))
        rows.append(torch.stack(row, dim=2))
    return torch.stack(rows, dim=2)


# cell: adaptive_avg_pool2d
import math


def adaptive_avg_pool2d(x, size):
    N, C, H, W = x.shape
    out = torch.zeros(N, C, *size, dtype=x.dtype)
    for i in range(size[0]):
        for j in range(size[1]):
            r0, r1 = math.floor(i * H / size[0]), math.ceil((i + 1) * H / size[0])
            c0, c1 = math.floor(j * W / size[1]), math.ceil((j + 1) * W / size[1])
            out[:, :, i, j] = x[:, :, r0:r1, c0:c1].mean(dim=(2, 3))
    return out
