"""Finds out the width by a pass in training mode.

language: en
points: 85
loses:
  test_SharedFeatureNet__backbones: 'changed the running statistics'
student: "20260006"
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        self.domain = backbone_domain
        self.category = backbone_category
        width = (
            backbone_domain(torch.randn(2, 3, 32, 32)).shape[1]
            + backbone_category(torch.randn(2, 3, 32, 32)).shape[1]
        )
        self.head1 = nn.Linear(width, num_domains)
        self.head2 = nn.Linear(width, num_categories)

    def forward(self, x):
        d = F.adaptive_avg_pool2d(self.domain(x), 1).flatten(1)
        c = F.adaptive_avg_pool2d(self.category(x), 1).flatten(1)
        shared = torch.cat([d, c], dim=1)
        return self.head1(shared), self.head2(shared)
