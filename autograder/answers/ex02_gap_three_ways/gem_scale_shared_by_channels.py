"""One scale for all channels of an image: smaller channels vanish.

language: en
points: 85
loses:
  test_GeM__large: "Each image and each channel needs a scale of its own"
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
        peak = x.amax(dim=(1, 2, 3), keepdim=True)
        means = ((x / peak) ** p).mean(dim=(2, 3), keepdim=True)
        return (peak * means ** (1 / p)).flatten(1)
