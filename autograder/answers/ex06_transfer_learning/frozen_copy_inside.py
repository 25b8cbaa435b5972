"""Works on copies of backbone and head.

language: ko
points: 80
loses:
  test_FrozenBackbone: '복사하지는'
  test_FrozenBackbone__frozen: ''
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        import copy

        self.backbone = copy.deepcopy(backbone).requires_grad_(False)
        self.head = copy.deepcopy(head)
        self.backbone.eval()

    def forward(self, x):
        return self.head(self.backbone(x))

    def train(self, mode=True):
        super().train(mode)
        self.backbone.eval()
        return self
