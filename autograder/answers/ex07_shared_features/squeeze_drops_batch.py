"""`squeeze()` drops the batch axis of a single image.

language: ko
points: 85
loses:
  test_SharedFeatureNet__any_size: 'squeeze()'
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
        d = F.adaptive_avg_pool2d(self.domain(x), 1).squeeze()
        c = F.adaptive_avg_pool2d(self.category(x), 1).squeeze()
        shared = torch.cat([d, c], dim=-1)
        return self.head1(shared), self.head2(shared)
