"""The module of the page 'Going further', as it stands there.

language: en
points: 73
loses:
  test_GeM: "`GeM`"
  test_GeM__learns: "`GeM`"
  test_GeM__large: "large values or a large `p` give"
  test_GeM__eps: "TypeError"
"""


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p=3.0):
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p))

    def forward(self, x):  # (N, C, H, W) -> (N, C)
        powers = x.clamp(min=1e-6).pow(self.p)
        return powers.mean(dim=(2, 3)).pow(1 / self.p)
