"""Blocks in a plain list.

language: en
points: 77
loses:
  test_TinyResNet: '`TinyResNet`: outside of the blocks there should be one 3×3 convolutio'
  test_TinyResNet__depth: '`TinyResNet`: there should be 3 registered blocks, not 0.'
  test_TinyResNet__forward: 'there should be 3 blocks; 0 were passed.'
student: "20260012"
"""


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        layers = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
        channels = 16
        for width, stride, count in zip((16, 32, 64), (1, 2, 2), blocks, strict=True):
            for index in range(count):
                layers.append(BasicBlock(channels, width, stride if index == 0 else 1))
                channels = width
        self.layers = layers
        self.head = nn.Linear(64, num_classes)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.head(x.mean(dim=(2, 3)))
