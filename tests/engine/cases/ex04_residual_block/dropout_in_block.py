"""A block with dropout between its convolutions: other values in train mode.

language: en
loses: {test_BasicBlock: training mode}
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
        y = F.relu(self.norm_a(self.first(x)))
        y = self.norm_b(self.second(F.dropout(y, 0.5, self.training)))
        return F.relu(y + self.side(x))

# cell: zero_init_residual
def zero_init_residual(model):
    for part in model.modules():
        if isinstance(part, BasicBlock):
            nn.init.zeros_(part.norm_b.weight)
