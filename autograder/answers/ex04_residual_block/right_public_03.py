"""Right, in the manner of a well-known repository.

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
    def zero(module):
        if isinstance(module, BasicBlock):
            module.bn2.weight.data.zero_()

    model.apply(zero)


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True)
        )
        self.blocks = nn.ModuleList()
        width = 16
        for stage, count in enumerate(blocks):
            planes = 16 * 2**stage
            for number in range(count):
                self.blocks.append(BasicBlock(width, planes, 2 if stage > 0 and number == 0 else 1))
                width = planes
        self.fc = nn.Linear(width, num_classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(m, nn.BatchNorm2d):
                nn.init.constant_(m.weight, 1)
                nn.init.constant_(m.bias, 0)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean(dim=[2, 3]))
