"""Right: loops over images, channels and windows.

language: ko
points: 90
loses: {}
"""


# cell: masked_gap
def masked_gap(x, mask):
    N, C = x.shape[:2]
    rows = []
    for n in range(N):
        if not mask[n].any():
            rows.append(torch.zeros(C, dtype=x.dtype))
            continue
        rows.append(torch.stack([x[n, c][mask[n]].mean() for c in range(C)]))
    return torch.stack(rows)


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.p = nn.Parameter(torch.FloatTensor(p))

    def forward(self, x):
        images = []
        for image in x:
            channels = []
            for c, channel in enumerate(image):
                v = torch.maximum(channel, torch.tensor(self.eps))
                m = v.max()
                channels.append(m * torch.mean((v / m) ** self.p[c]) ** (1.0 / self.p[c]))
            images.append(torch.stack(channels))
        return torch.stack(images)


# cell: score_map
def score_map(x, weight, bias, window):
    h, w = window
    N, C, H, W = x.shape
    out = []
    for i in range(H - h + 1):
        line = []
        for j in range(W - w + 1):
            line.append(F.linear(x[:, :, i : i + h, j : j + w].mean((2, 3)), weight, bias))
        out.append(torch.stack(line, dim=2))
    return torch.stack(out, dim=2)
