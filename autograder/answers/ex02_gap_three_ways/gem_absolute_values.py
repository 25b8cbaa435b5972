"""Negative values count by their absolute value.

language: en
points: 87
loses:
  test_GeM__eps: "0 or negative values are not raised"
"""


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p))
        self.eps = eps

    def forward(self, x):
        p = self.p[:, None, None]
        x = x.abs() + 1e-12
        peak = x.amax(dim=(2, 3), keepdim=True)
        means = ((x / peak) ** p).mean(dim=(2, 3), keepdim=True)
        return (peak * means ** (1 / p)).flatten(1)
