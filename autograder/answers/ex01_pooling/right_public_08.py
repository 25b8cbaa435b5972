"""Right, in the manner of a student who likes loops.

language: ko
points: 90
loses: {}
"""

# cell: output_size
import math


def output_size(n, kernel, stride, padding=0):
    return math.floor((n + 2 * padding - (kernel - 1) - 1) / stride + 1)


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
    c = x.shape[1]
    weight = torch.ones(c, 1, kernel, kernel, dtype=x.dtype, device=x.device) / kernel**2
    return F.conv2d(x, weight, stride=stride, groups=c)


# cell: max_pool2d_grad
import numpy as np


def max_pool2d_grad(x, grad_out, kernel, stride):
    X, dout = x.detach().numpy(), grad_out.detach().numpy()
    dX = np.zeros(X.shape, dtype=X.dtype)
    for n, c, i, j in np.ndindex(*dout.shape):
        patch = X[n, c, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
        r, s = np.unravel_index(np.argmax(patch), patch.shape)
        dX[n, c, i * stride + r, j * stride + s] += dout[n, c, i, j]
    return torch.from_numpy(dX)
