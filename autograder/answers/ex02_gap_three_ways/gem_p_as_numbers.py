"""The parameter is read as plain numbers: no gradient reaches it.

language: en
points: 86
loses:
  test_GeM__learns: "No gradient reaches `p`"
"""


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p))
        self.eps = eps

    def forward(self, x):
        p = torch.tensor(self.p.tolist())[:, None, None]
        x = x.clamp(min=self.eps)
        peak = x.amax(dim=(2, 3), keepdim=True)
        means = ((x / peak) ** p).mean(dim=(2, 3), keepdim=True)
        return (peak * means ** (1 / p)).flatten(1)
