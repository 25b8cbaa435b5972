"""`forward` forgets to return.

language: en
points: 72
loses:
  test_SharedFeatureNet: '`forward` has no `return`'
  test_SharedFeatureNet__any_size: '`forward` has no `return`'
  test_SharedFeatureNet__gradient: '`forward` has no `return`'
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
        shared = torch.cat([d, c], dim=1)
        logits = self.head1(shared), self.head2(shared)
