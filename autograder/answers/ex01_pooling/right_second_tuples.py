"""Right: a named tuple, helpers and constants of one's own.

language: ko
points: 90
loses: {}
"""

# cell: max_pool2d_indices
from collections import namedtuple

Pooled = namedtuple("Pooled", "values indices")
LOWEST = -float("inf")


def max_pool2d_indices(x, kernel, stride, padding):
    W = x.shape[-1]
    spread = nn.ConstantPad2d(padding, LOWEST)(x)
    win = spread.unfold(2, kernel, stride).unfold(3, kernel, stride)
    flat = win.reshape(*win.shape[:4], -1)
    values, local = torch.max(flat, dim=-1)
    r, c = local.div(kernel, rounding_mode="trunc"), local.remainder(kernel)
    r = r + stride * torch.arange(win.shape[2]).unsqueeze(1) - padding
    c = c + stride * torch.arange(win.shape[3]).unsqueeze(0) - padding
    return Pooled(values, r.mul(W).add(c))


# cell: soft_pool2d
class Soft(nn.Module):
    def __init__(self, beta):
        super().__init__()
        self.beta = beta
        self.weigh = nn.Softmax(dim=-1)

    def forward(self, windows):
        return torch.einsum("...p,...p->...", self.weigh(self.beta * windows), windows)


def soft_pool2d(x, kernel, stride, beta):
    return Soft(beta)(x.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(start_dim=-2))


# cell: adaptive_avg_pool2d
def spans(n, m):
    for i in range(m):
        start = int(i * n / m)
        end = int((i + 1) * n / m)
        yield slice(start, end if end * m == (i + 1) * n else end + 1)


def adaptive_avg_pool2d(x, size):
    return torch.stack(
        [
            torch.stack([x[..., r, c].mean((-2, -1)) for c in spans(x.shape[3], size[1])], -1)
            for r in spans(x.shape[2], size[0])
        ],
        -2,
    )
