"""p is a plain tensor, so nothing is learned.

language: ko
points: 86
loses:
  test_GeM__learns: "파라미터는 `p` 하나여야 하는데"
"""


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p = torch.tensor(p)
        self.eps = eps

    def forward(self, x):
        p = self.p[:, None, None]
        x = x.clamp(min=self.eps)
        peak = x.amax(dim=(2, 3), keepdim=True)
        means = ((x / peak) ** p).mean(dim=(2, 3), keepdim=True)
        return (peak * means ** (1 / p)).flatten(1)
