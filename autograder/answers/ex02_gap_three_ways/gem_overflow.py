"""The powers overflow.

language: ko
points: 85
loses:
  test_GeM__large: "`inf`나 `nan`이 나옵니다"
"""


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p))
        self.eps = eps

    def forward(self, x):
        p = self.p[:, None, None]
        x = x.clamp(min=self.eps)
        peak = torch.ones(1, 1, 1, 1)
        means = ((x / peak) ** p).mean(dim=(2, 3), keepdim=True)
        return (peak * means ** (1 / p)).flatten(1)
