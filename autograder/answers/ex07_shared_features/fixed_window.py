"""Averages in a window of 3×3, right for some sizes only.

language: en
points: 72
loses:
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
        width = feature_channels(backbone_domain) + feature_channels(backbone_category)
        self.head1 = nn.Linear(width, num_domains)
        self.head2 = nn.Linear(width, num_categories)

    def forward(self, x):
        d = F.avg_pool2d(self.domain(x), 3).flatten(1)
        c = F.avg_pool2d(self.category(x), 2).flatten(1)
        shared = torch.cat([d, c], dim=1)
        return self.head1(shared), self.head2(shared)
