"""Right: masked_fill, logarithms, a convolution with a uniform window.

language: en
points: 90
loses: {}
"""


# cell: masked_gap
def masked_gap(x, mask):
    m = mask.unsqueeze(1)
    s = x.masked_fill(~m, 0).sum((-2, -1))
    n = m.sum((-2, -1))
    return torch.where(
        n > 0, s / n, torch.zeros_like(s)
    )  # the padding's gradient is 0 by masked_fill


# cell: GeM
import math


class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p, dtype=torch.float32))
        self.eps = eps

    def forward(self, x):
        logs = torch.log(torch.clamp(x, min=self.eps)).flatten(2)  # (N, C, HW)
        total = torch.logsumexp(self.p[None, :, None] * logs, dim=2)  # (N, C)
        return torch.exp((total - math.log(logs.shape[2])) / self.p)


# cell: score_map
def score_map(x, weight, bias, window):
    h, w = window
    kernel = weight[:, :, None, None].expand(-1, -1, h, w) / (h * w)
    return F.conv2d(x, kernel, bias)
