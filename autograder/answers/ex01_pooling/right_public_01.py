"""Right, in the manner of a tutorial.

language: en
points: 90
loses: {}
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return int((n + 2 * padding - kernel) / stride) + 1


# cell: max_pool2d
def pool_rows(x, kernel, stride):
    return torch.stack(
        [
            x[:, :, i : i + kernel].max(dim=2).values
            for i in range(0, x.size(2) - kernel + 1, stride)
        ],
        2,
    )


def max_pool2d(x, kernel, stride):
    return pool_rows(pool_rows(x, kernel, stride).transpose(2, 3), kernel, stride).transpose(2, 3)


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    N, C, H, W = x.shape
    H_out = (H - kernel) // stride + 1
    W_out = (W - kernel) // stride + 1
    out = torch.zeros(N, C, H_out, W_out, dtype=x.dtype, device=x.device)
    for i in range(H_out):
        for j in range(W_out):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            out[:, :, i, j] = window.mean(dim=(2, 3))
    return out


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    n, c, h, w = x.shape
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride)
    arg = windows.reshape(*windows.shape[:4], -1).argmax(-1)
    i = torch.arange(windows.shape[2]).view(-1, 1) * stride + arg // kernel
    j = torch.arange(windows.shape[3]).view(1, -1) * stride + arg % kernel
    flat = (i * w + j).reshape(n, c, -1)
    grad = torch.zeros(n, c, h * w, dtype=x.dtype)
    grad.scatter_add_(2, flat, grad_out.reshape(n, c, -1))
    return grad.reshape(n, c, h, w)
