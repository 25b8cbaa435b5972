"""Adds the features up instead of concatenating them.

language: en
points: 67
loses:
  test_SharedFeatureNet__layers: 'SharedFeatureNet'
  test_SharedFeatureNet: 'SharedFeatureNet'
  test_SharedFeatureNet__any_size: 'SharedFeatureNet'
  test_SharedFeatureNet__gradient: 'SharedFeatureNet'
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        self.domain = backbone_domain
        self.category = backbone_category
        width = feature_channels(backbone_domain)
        self.head1 = nn.Linear(width, num_domains)
        self.head2 = nn.Linear(width, num_categories)

    def forward(self, x):
        d = F.adaptive_avg_pool2d(self.domain(x), 1).flatten(1)
        c = F.adaptive_avg_pool2d(self.category(x), 1).flatten(1)
        shared = d + c
        return self.head1(shared), self.head2(shared)
