"""Right: layers defined in another order, blocks in a ModuleList, in-place addition.

language: ko
points: 90
loses: {}
student: "20260002"
"""


# cell: BasicBlock
class BasicBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.same = stride == 1 and in_channels == out_channels
        if not self.same:
            self.side_norm = nn.BatchNorm2d(out_channels)
            self.side = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
        self.second_norm = nn.BatchNorm2d(out_channels)
        self.second = nn.Conv2d(out_channels, out_channels, 3, padding="same", bias=False)
        self.first = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        y = self.first_norm(self.first(x)).relu()
        y = self.second_norm(self.second(y))
        y += x if self.same else self.side_norm(self.side(x))
        return y.relu_()


# cell: zero_init_residual
def zero_init_residual(model):
    blocks = [module for module in model.modules() if isinstance(module, BasicBlock)]
    for block in blocks:
        block.second_norm.weight.data.zero_()


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        self.head = nn.Linear(64, num_classes)
        self.blocks = nn.ModuleList()
        channels = 16
        for stage, count in enumerate(blocks):
            for index in range(count):
                first = index == 0 and stage > 0
                self.blocks.append(BasicBlock(channels, 16 * 2**stage, 2 if first else 1))
                channels = 16 * 2**stage
        self.norm = nn.BatchNorm2d(16)
        self.conv = nn.Conv2d(3, 16, 3, padding=1, bias=False)

    def forward(self, x):
        x = F.relu(self.norm(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.head(F.avg_pool2d(x, x.shape[2:]).flatten(1))
