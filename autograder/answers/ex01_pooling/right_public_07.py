"""Right, in the manner of a course's lab.

language: en
points: 90
loses: {}
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return int((n + 2 * padding - kernel) / stride) + 1


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, h, w = x.shape
    out_h, out_w = 1 + (h - kernel) // stride, 1 + (w - kernel) // stride
    cols = F.unfold(x.reshape(n * c, 1, h, w), kernel_size=kernel, stride=stride)  # im2col
    return cols.max(dim=1)[0].view(n, c, out_h, out_w)


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
    N, C, H_out, W_out = grad_out.shape
    dx = torch.zeros_like(x, memory_format=torch.contiguous_format)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    window = x[
                        n, c, i * stride : i * stride + kernel, j * stride : j * stride + kernel
                    ]
                    index = window.reshape(-1).argmax()
                    r, s = divmod(int(index), kernel)
                    dx[n, c, i * stride + r, j * stride + s] += grad_out[n, c, i, j]
    return dx
