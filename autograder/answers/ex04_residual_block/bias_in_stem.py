"""A bias in the stem's convolution, which batch normalization removes again.

language: en
points: 86
loses:
  test_TinyResNet: 'the stem has a bias.'
"""


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        layers = [nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU()]
        channels = 16
        for width, stride, count in zip((16, 32, 64), (1, 2, 2), blocks, strict=True):
            for index in range(count):
                layers.append(BasicBlock(channels, width, stride if index == 0 else 1))
                channels = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(64, num_classes)

    def forward(self, x):
        x = self.features(x)
        return self.head(x.mean(dim=(2, 3)))
