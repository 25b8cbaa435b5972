"""Torch's pooling stands in lines that never run, and in an import for a comparison elsewhere.

language: en
points: 90
loses: {}
"""


# cell: max_pool2d
from torch.nn.functional import max_pool2d as theirs, unfold


def max_pool2d(x, kernel, stride):
    """As F.max_pool2d does it."""
    n, c, h, w = x.shape
    rows, cols = (h - kernel) // stride + 1, (w - kernel) // stride + 1
    if False:
        return F.max_pool2d(x, kernel, stride)
    windows = unfold(x, kernel, stride=stride).view(n, c, kernel * kernel, rows, cols)
    return windows.amax(dim=2)


# cell: avg_pool2d
def compared(x):
    return max_pool2d(x, 2, 2) - theirs(x, 2, 2)


def avg_pool2d(x, kernel, stride):
    windows = x.unfold(2, kernel, stride).unfold(3, kernel, stride)
    return windows.mean(dim=(4, 5))
    return F.avg_pool2d(x, kernel, stride)
