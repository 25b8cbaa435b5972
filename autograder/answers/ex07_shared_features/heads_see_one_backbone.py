"""Each head sees the features of its own backbone alone.

language: ko
points: 72
loses:
  test_SharedFeatureNet__layers: '백본 하나의 채널만'
  test_SharedFeatureNet: '백본 하나의 채널만'
  test_SharedFeatureNet__gradient: '`SharedFeatureNet`: domain 헤드의 기울기가 category 백본까지 가지 않습니다. `detach()`,'
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        self.domain = backbone_domain
        self.category = backbone_category
        self.head1 = nn.Linear(feature_channels(backbone_domain), num_domains)
        self.head2 = nn.Linear(feature_channels(backbone_category), num_categories)

    def forward(self, x):
        d = self.domain(x).mean((2, 3))
        c = self.category(x).mean((2, 3))
        return self.head1(d), self.head2(c)
