"""Hides the category features from the domain head's gradient.

language: ko
points: 85
loses:
  test_SharedFeatureNet__gradient: 'domain 헤드의 기울기가 category 백본까지'
student: "20260007"
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
        d = self.domain(x).mean((2, 3))
        c = self.category(x).mean((2, 3))
        return self.head1(torch.cat([d, c.detach()], dim=1)), self.head2(torch.cat([d, c], dim=1))
