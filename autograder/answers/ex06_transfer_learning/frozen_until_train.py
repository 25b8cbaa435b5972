"""Puts the backbone in eval mode once; train wakes it up.

language: en
points: 84
loses:
  test_FrozenBackbone__still: 'after `train()`'
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
        return super().train(mode)
