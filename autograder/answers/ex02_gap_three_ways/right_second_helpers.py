"""Right: helpers and constants of one's own, unfold, a linear layer on the last axis.

language: ko
points: 90
loses: {}
"""


# cell: masked_gap
def pixels(x):
    return x.reshape(x.shape[0], x.shape[1], x.shape[2] * x.shape[3])


def masked_gap(x, mask):
    out = x.new_zeros(x.shape[:2])
    for i, (image, m) in enumerate(zip(x, mask)):
        if int(m.sum()) > 0:
            out[i] = image[:, m].mean(dim=1)
    return out


# cell: GeM
def generalized_mean(values, p):
    """(N, C, P), (C, 1) -> (N, C)"""
    biggest = values.max(dim=-1, keepdim=True)[0]
    scaled = values / biggest
    return (biggest * scaled.pow(p).mean(-1, keepdim=True).pow(1 / p))[..., 0]


class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super(GeM, self).__init__()
        self.p = torch.nn.Parameter(torch.tensor(list(map(float, p))), requires_grad=True)
        self.eps = float(eps)

    def forward(self, x):
        return generalized_mean(pixels(x).clamp(self.eps), self.p.unsqueeze(1))


# cell: score_map
def score_map(x, weight, bias, window):
    patches = x.unfold(2, window[0], 1).unfold(3, window[1], 1)  # (N, C, H', W', h, w)
    means = patches.mean(dim=(-2, -1)).permute(0, 2, 3, 1)  # (N, H', W', C)
    return F.linear(means, weight, bias).permute(0, 3, 1, 2)
