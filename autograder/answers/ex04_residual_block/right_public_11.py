"""Right, in the manner of a paper's code.

language: en
points: 90
loses: {}
"""


# cell: BasicBlock
class BasicBlock(nn.Module):
    """As in the textbook: a residual block whose shortcut may be a 1x1 convolution."""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.use_1x1conv = stride != 1 or in_channels != out_channels
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False
        )
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(
            out_channels, out_channels, kernel_size=3, stride=1, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        if self.use_1x1conv:
            self.conv3 = nn.Conv2d(
                in_channels, out_channels, kernel_size=1, stride=stride, bias=False
            )
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, X):
        Y = F.relu(self.bn1(self.conv1(X)))
        Y = self.bn2(self.conv2(Y))
        if self.use_1x1conv:
            X = self.bn3(self.conv3(X))
        Y = Y + X
        return F.relu(Y)


# cell: zero_init_residual
def zero_init_residual(model):
    for m in model.modules():
        if isinstance(m, BasicBlock) and m.bn2.weight is not None:
            nn.init.constant_(m.bn2.weight, 0)  # type: ignore[arg-type]


# cell: TinyResNet
def resnet_stage(in_channels, out_channels, depth, stride):
    blk = [BasicBlock(in_channels, out_channels, stride)]
    blk += [BasicBlock(out_channels, out_channels) for _ in range(depth - 1)]
    return nn.Sequential(*blk)


class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        stem = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()
        )
        first, second, third = blocks
        self.net = nn.Sequential(
            stem,
            resnet_stage(16, 16, first, 1),
            resnet_stage(16, 32, second, 2),
            resnet_stage(32, 64, third, 2),
            nn.AdaptiveAvgPool2d((1, 1)),
            nn.Flatten(),
            nn.Linear(64, num_classes),
        )

    def forward(self, x):
        return self.net(x)
