"""Right, in the manner of a textbook.

language: ko
points: 90
loses: {}
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        self.backbones = nn.ModuleList([backbone_domain, backbone_category])
        dim = sum(feature_channels(b) for b in self.backbones)
        self.heads = nn.ModuleDict(
            {"domain": nn.Linear(dim, num_domains), "category": nn.Linear(dim, num_categories)}
        )

    def forward(self, x):
        shared = torch.cat([b(x).mean(dim=(2, 3)) for b in self.backbones], dim=1)
        return self.heads["domain"](shared), self.heads["category"](shared)


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    losses = torch.stack([F.cross_entropy(o, t) for o, t in zip(outputs, targets)])
    return torch.dot(losses, torch.as_tensor(weights, dtype=losses.dtype))
