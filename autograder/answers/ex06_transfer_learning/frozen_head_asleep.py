"""Keeps everything in eval mode, the head too.

language: ko
points: 86
loses:
  test_FrozenBackbone__head: '헤드의 모드'
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.backbone = backbone.requires_grad_(False)
        self.head = head
        self.backbone.eval()

    def forward(self, x):
        return self.head(self.backbone(x))

    def train(self, mode=True):
        super().train(False)
        self.backbone.eval()
        return self
