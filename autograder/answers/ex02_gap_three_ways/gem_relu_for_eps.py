"""Negative values become 0 instead of eps.

language: ko
points: 87
loses:
  test_GeM__eps: "`eps`로 올리지 않았습니다"
"""


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p))
        self.eps = eps

    def forward(self, x):
        p = self.p[:, None, None]
        x = x.relu()
        peak = x.amax(dim=(2, 3), keepdim=True).clamp(min=1e-12)
        means = ((x / peak) ** p).mean(dim=(2, 3), keepdim=True)
        return (peak * means ** (1 / p)).flatten(1)
