"""Right, in the manner of a colleague's review.

language: ko
points: 90
loses: {}
"""

# cell: output_size
import numpy as np


def output_size(n, kernel, stride, padding=0):
    return int(np.floor((n + 2 * padding - kernel) / stride)) + 1


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
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride)
    return torch.einsum("nchwpq->nchw", windows) / kernel / kernel


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
