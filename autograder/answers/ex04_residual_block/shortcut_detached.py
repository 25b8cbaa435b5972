"""The shortcut is cut from the gradient.

language: en
points: 22
loses:
  test_BasicBlock: '`output` differs. inputs: [0] 150 of 600 values di'
  test_BasicBlock__projection: '`output`이(가) 다릅니다. inputs: [0] 값 1536개 가운데 384개가 다'
  test_BasicBlock__training: 'some parameters get no gradient'
  test_BasicBlock__any_size: '`output`이(가) 다릅니다. inputs: [0] 값 28개 가운데 18개가 다릅니다'
  test_zero_init_residual__projection: '`moved` differs. Conv2d.weight|8x4x1x1#0: The valu'
  test_TinyResNet__forward: '`output`이(가) 다릅니다. inputs: [0] 값 1056개 가운데 1056개가'
  test_TinyResNet__learns: '`moved` differs. Conv2d.weight|32x16x1x1#0: The va'
"""

# cell: BasicBlock
class BasicBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + self.shortcut(x).detach())
