"""A stem without batch normalization.

language: ko
points: 81
loses:
  test_TinyResNet: 'the stem has no batch normalization.'
  test_TinyResNet__forward: '`TinyResNet`: 층의 모양이 다릅니다. 빠진 것: `BatchNorm2d.bias` (16,), `BatchNorm2d.weig'
"""


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        layers = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.ReLU()]
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
