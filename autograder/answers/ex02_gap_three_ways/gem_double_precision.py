"""Double precision puts the overflow off, no more.

language: en
points: 85
loses:
  test_GeM__large: "large values or a large `p` give"
"""


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p))
        self.eps = eps

    def forward(self, x):
        p = self.p.double()
        powers = x.double().clamp(min=self.eps) ** p[:, None, None]
        return (powers.mean(dim=(2, 3)) ** (1 / p)).float()
