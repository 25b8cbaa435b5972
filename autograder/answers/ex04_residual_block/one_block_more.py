"""Off by one: one block too many per stage.

language: en
points: 81
loses:
  test_TinyResNet__depth: '`TinyResNet`: there should be 3 registered blocks, not 6.'
  test_TinyResNet__forward: 'there should be 3 blocks; 6 were passed.'
"""


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        layers = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
        channels = 16
        for width, stride, count in zip((16, 32, 64), (1, 2, 2), blocks, strict=True):
            for index in range(count + 1):
                layers.append(BasicBlock(channels, width, stride if index == 0 else 1))
                channels = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(64, num_classes)

    def forward(self, x):
        x = self.features(x)
        return self.head(x.mean(dim=(2, 3)))
