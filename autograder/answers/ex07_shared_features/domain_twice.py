"""Uses the domain features twice.

language: ko
points: 72
loses:
  test_SharedFeatureNet: '한쪽 백본을 두 번'
  test_SharedFeatureNet__any_size: '`SharedFeatureNet` 실행 중 오류가 났습니다 (shape (2, 3, 7, 12)): RuntimeError:'
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
        d = F.adaptive_avg_pool2d(self.domain(x), 1).flatten(1)
        c = F.adaptive_avg_pool2d(self.category(x), 1).flatten(1)
        shared = torch.cat([d, d], dim=1)
        return self.head1(shared), self.head2(shared)
