"""Right, in the manner of a short script.

language: en
points: 90
loses: {}
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    return len(range(0, n + 2 * padding - kernel + 1, stride))


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, h, w = x.shape
    out_h, out_w = 1 + (h - kernel) // stride, 1 + (w - kernel) // stride
    cols = F.unfold(x.reshape(n * c, 1, h, w), kernel_size=kernel, stride=stride)  # im2col
    return cols.max(dim=1)[0].view(n, c, out_h, out_w)


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
