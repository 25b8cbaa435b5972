"""Right: the block handed on as a default argument, stages in a ModuleList.

language: ko
points: 90
loses: {}
"""


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1), block=BasicBlock):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, kernel_size=3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(16)
        widths, strides = [16, 16, 32, 64], [1, 2, 2]
        self.stages = nn.ModuleList()
        for stage, count in enumerate(blocks):
            rest = [block(widths[stage + 1], widths[stage + 1]) for _ in range(count - 1)]
            self.stages.append(
                nn.Sequential(block(widths[stage], widths[stage + 1], strides[stage]), *rest)
            )
        self.fc = nn.Linear(64, num_classes)

    def forward(self, x):
        x = F.relu(self.norm(self.conv(x)))
        for stage in self.stages:
            x = stage(x)
        return self.fc(F.adaptive_avg_pool2d(x, 1)[:, :, 0, 0])
