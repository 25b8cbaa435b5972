"""Concatenates the category features first.

language: ko
points: 82
loses:
  test_SharedFeatureNet: '도메인이 먼저입니다'
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
        d = F.adaptive_avg_pool2d(self.domain(x), 1).flatten(1)
        c = F.adaptive_avg_pool2d(self.category(x), 1).flatten(1)
        shared = torch.cat([c, d], dim=1)
        return self.head1(shared), self.head2(shared)
