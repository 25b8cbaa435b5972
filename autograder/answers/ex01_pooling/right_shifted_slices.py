"""Right: one strided slice per cell of the window, no window ever cut out.

language: ko
points: 90
loses: {}
student: "20260002"
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    h, w = (x.shape[2] - kernel) // stride + 1, (x.shape[3] - kernel) // stride + 1
    best = None
    for i in range(kernel):
        for j in range(kernel):
            shifted = x[
                :, :, i : i + (h - 1) * stride + 1 : stride, j : j + (w - 1) * stride + 1 : stride
            ]
            best = shifted if best is None else torch.maximum(best, shifted)
    return best.clone()


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    channels = x.shape[1]
    box = torch.full((channels, 1, kernel, kernel), 1 / kernel**2, dtype=x.dtype)
    return F.conv2d(x, box, stride=stride, groups=channels)


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    h, w = grad_out.shape[2:]
    slices = [
        (slice(i, i + (h - 1) * stride + 1, stride), slice(j, j + (w - 1) * stride + 1, stride))
        for i in range(kernel)
        for j in range(kernel)
    ]
    best = torch.stack([x[:, :, rows, cols] for rows, cols in slices]).amax(dim=0)
    grad, free = torch.zeros_like(x), torch.ones_like(grad_out, dtype=torch.bool)
    for rows, cols in slices:
        hit = free & (x[:, :, rows, cols] == best)
        grad[:, :, rows, cols] += torch.where(hit, grad_out, torch.zeros_like(grad_out))
        free = free & ~hit
    return grad
