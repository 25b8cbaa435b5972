"""Right, in the manner of a student who likes loops.

language: ko
points: 90
loses: {}
"""


# cell: BasicBlock
class BasicBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        if stride == 1 and in_channels == out_channels:
            self.side = nn.Identity()
        else:
            self.side = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, 0, bias=False),
                nn.BatchNorm2d(out_channels),
            )
        self.body = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.bn2 = self.body[-1]

    def forward(self, x):
        return torch.relu(torch.add(self.body(x), self.side(x)))


# cell: zero_init_residual
def zero_init_residual(model):
    def zero(module):
        if isinstance(module, BasicBlock):
            module.bn2.weight.data.zero_()

    model.apply(zero)


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
