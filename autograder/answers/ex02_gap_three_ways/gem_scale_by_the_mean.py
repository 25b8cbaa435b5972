"""Scales by the mean; where one cell dominates, the power still overflows.

language: ko
points: 85
loses:
  test_GeM__large: "1보다 훨씬 큰 값이 남는지 보세요"
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
        peak = x.mean(dim=(2, 3), keepdim=True)
        means = ((x / peak) ** p).mean(dim=(2, 3), keepdim=True)
        return (peak * means ** (1 / p)).flatten(1)
