"""Concatenates the maps before GAP, which fails for unequal sizes.

language: en
points: 72
loses:
  test_SharedFeatureNet: 'raised an error'
  test_SharedFeatureNet__any_size: 'raised an error'
  test_SharedFeatureNet__gradient: 'raised an error'
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
        maps = torch.cat([self.domain(x), self.category(x)], dim=1)
        shared = maps.mean((2, 3))
        return self.head1(shared), self.head2(shared)
