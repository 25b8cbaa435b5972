"""Right: methods of tensors, matrix products, nothing of `F`.

language: ko
points: 90
loses: {}
"""


# cell: masked_gap
def masked_gap(x, mask):
    x = x.where(mask[:, None, :, :], torch.tensor(0.0, dtype=x.dtype))
    n = mask.flatten(1).sum(1)
    n[n == 0] = 1
    return x.flatten(2).sum(2) / n[:, None].to(x.dtype)


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p, self.eps = nn.Parameter(torch.tensor([*p])), eps

    def forward(self, x):
        N, C, H, W = x.size()
        x = x.clamp_min(self.eps).reshape(N, C, H * W).transpose(1, 2)  # (N, HW, C)
        top = x.amax(1, keepdim=True)
        return top[:, 0] * x.div(top).pow(self.p).mean(1).pow(1 / self.p)


# cell: score_map
def score_map(x, weight, bias, window):
    h, w = window
    scores = torch.tensordot(x, weight, dims=([1], [1])).movedim(-1, 1)  # (N, K, H, W)
    if bias is not None:
        scores = scores + bias.view(-1, 1, 1)
    rows = sum(scores[:, :, i : scores.shape[2] - h + 1 + i] for i in range(h)) / h
    return sum(rows[:, :, :, j : rows.shape[3] - w + 1 + j] for j in range(w)) / w
