"""Right: pooling and flattening as one module, a dry run of its own, the heads defined backwards.

language: en
points: 90
loses: {}
student: "20260002"
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        width = 0
        for backbone in (backbone_domain, backbone_category):
            mode = backbone.training
            backbone.eval()
            with torch.no_grad():
                width += backbone(torch.randn(2, 3, 16, 16)).size(1)
            backbone.train(mode)
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.category_head = nn.Linear(width, num_categories)
        self.domain_head = nn.Linear(width, num_domains)
        self.backbone_category = backbone_category
        self.backbone_domain = backbone_domain

    def forward(self, x):
        features = [self.pool(self.backbone_domain(x)), self.pool(self.backbone_category(x))]
        shared = torch.cat(features, 1)
        category = self.category_head(shared)
        return (self.domain_head(shared), category)


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    criterion = nn.CrossEntropyLoss()
    losses = [criterion(out, target) for out, target in zip(outputs, targets)]
    return sum(weight * each for weight, each in zip(weights, losses))
