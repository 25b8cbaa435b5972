"""Right: means over flattened maps, cross-entropy by logsumexp and gather.

language: ko
points: 90
loses: {}
student: "20260003"
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        self.domain = backbone_domain
        self.category = backbone_category
        width = feature_channels(backbone_domain) + feature_channels(backbone_category)
        self.head1 = nn.Linear(width, num_domains)
        self.head2 = nn.Linear(width, num_categories)

    def forward(self, x):
        features = []
        for backbone in (self.domain, self.category):
            maps = backbone(x)  # (N, C, H, W)
            features.append(maps.flatten(2).mean(-1))
        shared = torch.concat(features, dim=-1)
        return self.head1(shared), self.head2(shared)


# cell: multitask_loss
def cross_entropy(logits, labels):
    right = logits.gather(1, labels.unsqueeze(1)).squeeze(1)
    return (logits.logsumexp(dim=1) - right).mean()


def multitask_loss(outputs, targets, weights):
    a, b = weights
    (d, c), (dt, ct) = outputs, targets
    return cross_entropy(d, dt) * a + cross_entropy(c, ct) * b
