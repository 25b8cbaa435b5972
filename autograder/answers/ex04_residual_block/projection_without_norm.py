"""A projection without batch normalisation.

language: en
points: 20
loses:
  test_BasicBlock__projection: 'the 1×1 convolution of the shortcut is not followed by batch'
  test_BasicBlock__training: '`moved`이(가) 다릅니다. 빠진 것: BatchNorm2d.weight|8#2, Ba'
  test_BasicBlock__any_size: 'the 1×1 convolution of the shortcut is not followed by batch'
  test_zero_init_residual__projection: '`parameters`이(가) 다릅니다. 빠진 것: BatchNorm2d.weight|8#'
  test_TinyResNet: '`shapes` differs. Missing: BatchNorm2d.bias|32, Ba'
  test_TinyResNet__depth: '`shapes`이(가) 다릅니다. 빠진 것: BatchNorm2d.bias|32, Batc'
  test_TinyResNet__forward: '`shapes` differs. Missing: BatchNorm2d.bias|32, Ba'
  test_TinyResNet__learns: '`moved`이(가) 다릅니다. 빠진 것: BatchNorm2d.weight|32#2, B'
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
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False)
            )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + self.shortcut(x))
