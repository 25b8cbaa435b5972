"""Starts and ends are rounded down: no overlap.

language: en
points: 84
loses:
  test_adaptive_avg_pool2d__uneven: "Windows start rounded down and end rounded up"
"""

# cell: adaptive_avg_pool2d
import math


def adaptive_avg_pool2d(x, size):
    def spans(n, m):
        return [(i * n // m, (i + 1) * n // m) for i in range(m)]

    rows = torch.stack([x[:, :, a:b].mean(2) for a, b in spans(x.shape[2], size[0])], 2)
    return torch.stack([rows[..., a:b].mean(3) for a, b in spans(x.shape[3], size[1])], 3)
