"""Right, in the manner of an answer on a forum.

language: ko
points: 90
loses: {}
"""

# cell: output_size
import numpy as np


def output_size(n, kernel, stride, padding=0):
    return int(np.floor((n + 2 * padding - kernel) / stride)) + 1


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    h = (x.shape[-2] - kernel) // stride + 1
    w = (x.shape[-1] - kernel) // stride + 1
    result = None
    for p in range(kernel):
        for q in range(kernel):
            shifted = x[
                ..., p : p + stride * (h - 1) + 1 : stride, q : q + stride * (w - 1) + 1 : stride
            ]
            result = shifted if result is None else torch.maximum(result, shifted)
    return result


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride)
    return torch.einsum("nchwpq->nchw", windows) / kernel / kernel


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
