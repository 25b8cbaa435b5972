"""Wrong widths.

language: ko
points: 77
loses:
  test_TinyResNet: '`TinyResNet`: 64개의 값을 받는 `nn.Linear` 하나로 끝나야 합니다. GAP 다음에는 값이 몇 개인가요?'
  test_TinyResNet__depth: '블록의 채널 수가'
  test_TinyResNet__forward: 'the blocks give'
"""


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        layers = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
        channels = 16
        for width, stride, count in zip((16, 32, 32), (1, 2, 2), blocks, strict=True):
            for index in range(count):
                layers.append(BasicBlock(channels, width, stride if index == 0 else 1))
                channels = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(32, num_classes)

    def forward(self, x):
        x = self.features(x)
        return self.head(x.mean(dim=(2, 3)))
