"""Keeps the backbones in a Python list.

language: ko
points: 67
loses:
  test_SharedFeatureNet__layers: '파이썬 리스트'
  test_SharedFeatureNet: '파이썬 리스트'
  test_SharedFeatureNet__backbones: '리스트에 담지'
  test_SharedFeatureNet__gradient: '`SharedFeatureNet`: 버퍼의 값이 다릅니다. 빠진 것: `BatchNorm2d.running_mean'
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        self.backbones = [backbone_domain, backbone_category]
        width = feature_channels(backbone_domain) + feature_channels(backbone_category)
        self.head1 = nn.Linear(width, num_domains)
        self.head2 = nn.Linear(width, num_categories)

    def forward(self, x):
        d = F.adaptive_avg_pool2d(self.backbones[0](x), 1).flatten(1)
        c = F.adaptive_avg_pool2d(self.backbones[1](x), 1).flatten(1)
        shared = torch.cat([d, c], dim=1)
        return self.head1(shared), self.head2(shared)
