"""Right, in the manner of a textbook.

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
    c = x.shape[1]
    weight = torch.ones(c, 1, kernel, kernel, dtype=x.dtype, device=x.device) / kernel**2
    return F.conv2d(x, weight, stride=stride, groups=c)


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
