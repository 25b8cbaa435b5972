"""Right, in the manner of a well-known repository.

language: en
points: 90
loses: {}
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return len(range(0, n + 2 * padding - kernel + 1, stride))


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
    n, c, h, w = x.shape
    cols = F.unfold(x.reshape(n * c, 1, h, w), kernel, stride=stride)
    return cols.mean(1).reshape(n, c, (h - kernel) // stride + 1, (w - kernel) // stride + 1)


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
