"""Right: F.unfold, and automatic differentiation for the gradient.

language: ko
points: 90
loses: {}
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return int((n + 2 * padding - kernel) / stride) + 1


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    h, w = (x.shape[2] - kernel) // stride + 1, (x.shape[3] - kernel) // stride + 1
    rows = x.unfold(2, kernel, stride)
    return (
        rows.unfold(3, kernel, stride)
        .reshape(*x.shape[:2], h, w, kernel * kernel)
        .max(dim=-1)
        .values
    )


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    rows = x.unfold(2, kernel, stride).mean(dim=-1)
    return rows.unfold(3, kernel, stride).mean(dim=-1)


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    leaf = x.detach().clone().requires_grad_()
    h, w = grad_out.shape[2:]
    windows = leaf.unfold(2, kernel, stride).unfold(3, kernel, stride)
    y = windows.reshape(*x.shape[:2], h, w, kernel * kernel).max(dim=-1).values
    return torch.autograd.grad(y, leaf, grad_out)[0]
