"""Right, in the manner of a paper's code.

language: en
points: 90
loses: {}
"""

# cell: output_size
output_size = lambda n, kernel, stride, padding=0: divmod(n + 2 * padding - kernel, stride)[0] + 1


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, h, w = x.shape
    out_h, out_w = 1 + (h - kernel) // stride, 1 + (w - kernel) // stride
    cols = F.unfold(x.reshape(n * c, 1, h, w), kernel_size=kernel, stride=stride)  # im2col
    return cols.max(dim=1)[0].view(n, c, out_h, out_w)


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    total = 0
    h, w = (x.shape[2] - kernel) // stride + 1, (x.shape[3] - kernel) // stride + 1
    for p in range(kernel):
        for q in range(kernel):
            total = total + x[:, :, p::stride, q::stride][:, :, :h, :w]
    return total / (kernel * kernel)


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
