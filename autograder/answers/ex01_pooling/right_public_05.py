"""Right, in the manner of lecture notes.

language: en
points: 90
loses: {}
"""

# cell: output_size
output_size = lambda n, kernel, stride, padding=0: divmod(n + 2 * padding - kernel, stride)[0] + 1


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
    total = 0
    h, w = (x.shape[2] - kernel) // stride + 1, (x.shape[3] - kernel) // stride + 1
    for p in range(kernel):
        for q in range(kernel):
            total = total + x[:, :, p::stride, q::stride][:, :, :h, :w]
    return total / (kernel * kernel)


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    n, c, h, w = x.shape
    cols = F.unfold(x.reshape(n * c, 1, h, w), kernel, stride=stride)
    one_hot = F.one_hot(cols.argmax(1), kernel * kernel).transpose(1, 2).to(x.dtype)
    back = one_hot * grad_out.reshape(n * c, 1, -1)
    return F.fold(back, (h, w), kernel, stride=stride).reshape(n, c, h, w)
