"""Right, in the manner of a training framework.

language: ko
points: 90
loses: {}
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    count, start = 0, -padding
    while start + kernel <= n + padding:
        count += 1
        start += stride
    return count


# cell: max_pool2d
class MyMaxPool2d(nn.Module):
    def __init__(self, kernel_size, stride):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride

    def forward(self, X):
        rows = range(0, X.shape[2] - self.kernel_size + 1, self.stride)
        cols = range(0, X.shape[3] - self.kernel_size + 1, self.stride)
        k = self.kernel_size
        return torch.stack(
            [
                torch.stack([X[:, :, i : i + k, j : j + k].flatten(2).max(2)[0] for j in cols], -1)
                for i in rows
            ],
            -2,
        )


def max_pool2d(x, kernel, stride):
    return MyMaxPool2d(kernel, stride)(x)


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=[-1, -2])


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    n, c, h, w = x.shape
    cols = F.unfold(x.reshape(n * c, 1, h, w), kernel, stride=stride)
    one_hot = F.one_hot(cols.argmax(1), kernel * kernel).transpose(1, 2).to(x.dtype)
    back = one_hot * grad_out.reshape(n * c, 1, -1)
    return F.fold(back, (h, w), kernel, stride=stride).reshape(n, c, h, w)
