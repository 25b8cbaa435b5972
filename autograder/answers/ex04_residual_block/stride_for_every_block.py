"""The stride for every block of a stage.

language: ko
points: 86
loses:
  test_TinyResNet__depth: '`TinyResNet`: 안에 등록된 블록이 다릅니다. 빠진 것: 파라미터 18560개, 파라미터 18560개'
"""


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        layers = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
        channels = 16
        for width, stride, count in zip((16, 32, 64), (1, 2, 2), blocks, strict=True):
            for index in range(count):
                layers.append(BasicBlock(channels, width, stride))
                channels = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(64, num_classes)

    def forward(self, x):
        x = self.features(x)
        return self.head(x.mean(dim=(2, 3)))
