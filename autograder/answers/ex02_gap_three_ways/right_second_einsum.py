"""Right: einsum, the running sums of an integral image, a softmax over logarithms.

language: en
points: 90
loses: {}
"""


# cell: masked_gap
def masked_gap(x, mask):
    clean = torch.where(mask[:, None], x, torch.zeros_like(x))
    weights = mask.to(x.dtype)
    weights = weights / weights.sum((1, 2), keepdim=True).clamp_min(1)
    return torch.einsum("nchw,nhw->nc", clean, weights)


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.register_parameter("p", nn.Parameter(torch.as_tensor(p)))
        self.register_buffer("eps", torch.tensor(eps))

    def forward(self, x):
        x = torch.max(x, self.eps)
        top = F.adaptive_max_pool2d(x, 1)
        p = self.p.view(1, -1, 1, 1)
        ratio = torch.exp(p * torch.log(x / top))
        return (top * F.adaptive_avg_pool2d(ratio, 1).pow(p.reciprocal())).squeeze(-1).squeeze(-1)


# cell: score_map
def score_map(x, weight, bias, window):
    h, w = window
    sums = F.pad(x, (1, 0, 1, 0)).cumsum(2).cumsum(3)  # (N, C, H + 1, W + 1)
    boxes = sums[:, :, h:, w:] - sums[:, :, :-h, w:] - sums[:, :, h:, :-w] + sums[:, :, :-h, :-w]
    scores = torch.einsum("nchw,kc->nkhw", boxes / (h * w), weight)
    return scores if bias is None else scores + bias.reshape(1, -1, 1, 1)
