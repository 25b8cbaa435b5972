"""Right, in the manner of a first attempt that works.

language: ko
points: 90
loses: {}
"""

# cell: output_size
import math


def output_size(n, kernel, stride, padding=0):
    return math.floor((n + 2 * padding - (kernel - 1) - 1) / stride + 1)


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    N, C, H, W = x.shape
    H_out = (H - kernel) // stride + 1
    W_out = (W - kernel) // stride + 1
    out = torch.zeros(N, C, H_out, W_out, dtype=x.dtype, device=x.device)
    for i in range(H_out):
        for j in range(W_out):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            out[:, :, i, j] = torch.amax(window, dim=(2, 3))
    return out


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
