"""Puts only batch normalization to sleep; dropout stays awake.

language: en
points: 84
loses:
  test_FrozenBackbone__still: 'Dropout or batch normalization is awake'
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.backbone = backbone.requires_grad_(False)
        self.head = head
        [
            m.eval()
            for m in self.backbone.modules()
            if isinstance(m, nn.modules.batchnorm._BatchNorm)
        ]

    def forward(self, x):
        return self.head(self.backbone(x))

    def train(self, mode=True):
        super().train(mode)
        [
            m.eval()
            for m in self.backbone.modules()
            if isinstance(m, nn.modules.batchnorm._BatchNorm)
        ]
        return self
