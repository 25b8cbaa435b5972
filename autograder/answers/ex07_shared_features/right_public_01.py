"""Right, in the manner of a tutorial.

language: en
points: 90
loses: {}
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super(SharedFeatureNet, self).__init__()
        self.backbone_domain = backbone_domain
        self.backbone_category = backbone_category
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        in_features = feature_channels(backbone_domain) + feature_channels(backbone_category)
        self.fc_domain = nn.Linear(in_features, num_domains)
        self.fc_category = nn.Linear(in_features, num_categories)

    def forward(self, x):
        f1 = torch.flatten(self.pool(self.backbone_domain(x)), 1)
        f2 = torch.flatten(self.pool(self.backbone_category(x)), 1)
        features = torch.cat((f1, f2), dim=1)
        return self.fc_domain(features), self.fc_category(features)


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    losses = [F.cross_entropy(o, t) for o, t in zip(outputs, targets)]
    return sum(w * l for w, l in zip(weights, losses))
