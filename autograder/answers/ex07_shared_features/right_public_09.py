"""Right, in the manner of a short script.

language: en
points: 90
loses: {}
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, b1, b2, n1, n2):
        super().__init__()
        self.b1, self.b2 = b1, b2
        self.heads = nn.ModuleList(
            nn.Linear(feature_channels(b1) + feature_channels(b2), n) for n in (n1, n2)
        )

    def forward(self, x):
        z = torch.cat([b(x).flatten(2).mean(-1) for b in (self.b1, self.b2)], 1)
        return tuple(h(z) for h in self.heads)


# cell: multitask_loss
multitask_loss = lambda outputs, targets, weights: sum(
    w * F.cross_entropy(o, t) for w, o, t in zip(weights, outputs, targets)
)
