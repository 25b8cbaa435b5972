"""A right network that starts from blocks that do nothing.

language: en
"""

# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        layers, width = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
        for planes, stride, count in zip((16, 32, 64), (1, 2, 2), blocks):
            for number in range(count):
                layers.append(BasicBlock(width, planes, 1 if number else stride))
                width = planes
        self.body, self.head = nn.Sequential(*layers), nn.Linear(64, num_classes)
        zero_init_residual(self)

    def forward(self, x):
        return self.head(self.body(x).mean((2, 3)))
