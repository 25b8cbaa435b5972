"""Right: double precision where it helps, average pooling before the linear layer.

language: en
points: 90
loses: {}
"""


# cell: masked_gap
def masked_gap(x, mask):
    N, C, H, W = x.shape
    m = mask.unsqueeze(1).expand(N, C, H, W)
    kept = torch.zeros(N, C, H, W, dtype=x.dtype)
    kept[m] = x[m]
    how_many = m.reshape(N, C, -1).sum(-1)
    return kept.sum(dim=[2, 3]) / torch.max(how_many, torch.tensor(1))


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p = nn.Parameter(torch.Tensor(p))
        self.eps = eps

    def forward(self, x):
        x = torch.where(x < self.eps, torch.full_like(x, self.eps), x).double()
        p = self.p.double()[None, :, None, None]
        with torch.no_grad():
            scale = x.amax((2, 3), keepdim=True)
        y = ((x / scale) ** p).mean((2, 3), keepdim=True) ** (1 / p) * scale
        return y.flatten(1).float()


# cell: score_map
def score_map(x, weight, bias, window):
    means = nn.AvgPool2d(window, stride=1)(x)  # (N, C, H', W')
    N, C, H, W = means.shape
    scores = weight @ means.reshape(N, C, H * W)  # (N, K, H' * W')
    if bias is not None:
        scores = scores + bias[:, None]
    return scores.reshape(N, -1, H, W)
