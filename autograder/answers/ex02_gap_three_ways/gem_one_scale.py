"""One scale for the whole batch: smaller images vanish.

language: ko
points: 85
loses:
  test_GeM__large: "이미지마다 값의 크기가 달라도"
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
        peak = x.max()[None, None, None, None].expand(len(x), x.shape[1], 1, 1)
        means = ((x / peak) ** p).mean(dim=(2, 3), keepdim=True)
        return (peak * means ** (1 / p)).flatten(1)
