"""One p for all channels.

language: en
points: 81
loses:
  test_GeM: "one `p` was used for all channels"
  test_GeM__learns: "has the shape (1,)"
"""


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p[:1]))
        self.eps = eps

    def forward(self, x):
        p = self.p[:, None, None]
        x = x.clamp(min=self.eps)
        peak = x.amax(dim=(2, 3), keepdim=True)
        means = ((x / peak) ** p).mean(dim=(2, 3), keepdim=True)
        return (peak * means ** (1 / p)).flatten(1)
