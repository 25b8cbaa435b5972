"""Calls each backbone once for each head.

language: en
points: 85
loses:
  test_SharedFeatureNet__gradient: '`SharedFeatureNet`: the values of the buffers differ. `BatchNorm2d.running_mean` (5,): 5'
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
        def shared():
            return torch.cat([self.domain(x).mean((2, 3)), self.category(x).mean((2, 3))], dim=1)

        return self.head1(shared()), self.head2(shared())
