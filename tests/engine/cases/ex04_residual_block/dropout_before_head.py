"""A network with dropout before its last layer.

language: en
loses: {test_TinyResNet__forward: training mode}
"""

# cell: BasicBlock
class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.first = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.norm_a = nn.BatchNorm2d(out_channels)
        self.second = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.norm_b = nn.BatchNorm2d(out_channels)
        self.side = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            self.side = nn.Sequential(nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels))

    def forward(self, x):
        y = self.norm_b(self.second(F.relu(self.norm_a(self.first(x)))))
        return F.relu(y + self.side(x))

# cell: zero_init_residual
def zero_init_residual(model):
    for part in model.modules():
        if isinstance(part, BasicBlock):
            nn.init.zeros_(part.norm_b.weight)

# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        width, stages = 16, []
        for planes, stride, count in zip((16, 32, 64), (1, 2, 2), blocks):
            for step in [stride] + [1] * (count - 1):
                stages.append(BasicBlock(width, planes, step))
                width = planes * BasicBlock.expansion
        self.stages = nn.Sequential(*stages)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(width, num_classes)

    def forward(self, x):
        return self.head(self.drop(self.stages(self.stem(x)).mean((2, 3))))
