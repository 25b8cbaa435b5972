"""Only the layers are written.

language: ko
points: 72
loses:
  test_SharedFeatureNet: '아직 작성하지 않았습니다'
  test_SharedFeatureNet__any_size: '아직 작성하지 않았습니다'
  test_SharedFeatureNet__gradient: '아직 작성하지 않았습니다'
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
        raise NotImplementedError("여기에 답을 쓰세요.")
