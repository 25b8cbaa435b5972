"""Runs the head under no_grad, too.

language: en
points: 85
loses:
  test_FrozenBackbone__frozen: ''
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.backbone = backbone.requires_grad_(False)
        self.head = head
        self.backbone.eval()

    def forward(self, x):
        with torch.no_grad():
            return self.head(self.backbone(x))

    def train(self, mode=True):
        super().train(mode)
        self.backbone.eval()
        return self
