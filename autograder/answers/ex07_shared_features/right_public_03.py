"""Right, in the manner of a well-known repository.

language: en
points: 90
loses: {}
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        self.net_d = nn.Sequential(backbone_domain, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.net_c = nn.Sequential(backbone_category, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        width = feature_channels(backbone_domain) + feature_channels(backbone_category)
        self.head_d, self.head_c = nn.Linear(width, num_domains), nn.Linear(width, num_categories)

    def extract(self, x):
        return torch.hstack([self.net_d(x), self.net_c(x)])

    def forward(self, x):
        z = self.extract(x)
        return self.head_d(z), self.head_c(z)


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    (domain_logits, category_logits), (domain, category) = outputs, targets
    loss_domain = F.nll_loss(F.log_softmax(domain_logits, dim=1), domain)
    loss_category = F.nll_loss(F.log_softmax(category_logits, dim=1), category)
    return weights[0] * loss_domain + weights[1] * loss_category
