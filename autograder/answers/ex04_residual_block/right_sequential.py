"""Right: the body as one Sequential, the last layer found by its place.

language: en
points: 90
loses: {}
student: "20260001"
"""


# cell: BasicBlock
class BasicBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.project = None
        if (in_channels, stride) != (out_channels, 1):
            conv = nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False)
            self.project = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        side = x if self.project is None else self.project(x)
        return F.relu(self.body(x) + side)


# cell: zero_init_residual
def zero_init_residual(model):
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, BasicBlock):
                module.body[-1].weight.fill_(0)


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()
        )
        self.stage1 = self.stage(16, 16, 1, blocks[0])
        self.stage2 = self.stage(16, 32, 2, blocks[1])
        self.stage3 = self.stage(32, 64, 2, blocks[2])
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(64, num_classes)

    @staticmethod
    def stage(inside, outside, stride, count):
        first = BasicBlock(inside, outside, stride)
        return nn.Sequential(first, *[BasicBlock(outside, outside) for _ in range(count - 1)])

    def forward(self, x):
        x = self.stage3(self.stage2(self.stage1(self.stem(x))))
        return self.head(self.pool(x).flatten(1))
