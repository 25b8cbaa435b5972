"""A projection even where the shape stays.

language: ko
points: 20
loses:
  test_BasicBlock: 'where the shape stays, the shortcut should have no layer.'
  test_BasicBlock__training: '`moved`이(가) 다릅니다. 빠진 것: -. 남는 것: Conv2d.weight|6x6'
  test_BasicBlock__any_size: 'where the shape stays, the shortcut should have no layer.'
  test_zero_init_residual: '`parameters`이(가) 다릅니다. 빠진 것: -. 남는 것: Conv2d.weigh'
  test_TinyResNet: '`shapes` differs. Missing: -. Too many: BatchNorm2'
  test_TinyResNet__depth: '`shapes`이(가) 다릅니다. 빠진 것: -. 남는 것: BatchNorm2d.bias'
  test_TinyResNet__forward: '`shapes` differs. Missing: -. Too many: BatchNorm2'
  test_TinyResNet__learns: '`moved`이(가) 다릅니다. 빠진 것: -. 남는 것: Conv2d.weight|16x'
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
        if True:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + self.shortcut(x))
