"""One batch normalization for both convolutions.

language: en
points: 70
loses:
  test_BasicBlock__layers: '`BasicBlock`: the batch normalizations have [8] channels; each convolu'
  test_BasicBlock: '`BasicBlock`: one batch normalization is used twice. Give each convolu'
  test_BasicBlock__projection: '`BasicBlock`: one batch normalization is used twice. Give each convolu'
  test_zero_init_residual: '`zero_init_residual`: the tensors whose values changed differ. Missing'
  test_zero_init_residual__projection: '`zero_init_residual`: the tensors whose values changed differ. Missing'
"""


# cell: BasicBlock
class BasicBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn1(self.conv2(y))
        return torch.relu(y + self.shortcut(x))


# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.modules():
        if isinstance(module, BasicBlock):
            nn.init.zeros_(module.bn1.weight)
