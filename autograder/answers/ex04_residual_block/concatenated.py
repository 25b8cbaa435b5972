"""Concatenates instead of adding.

language: en
points: 77
loses:
  test_BasicBlock: 'has the right layers but a wrong output. Compare the order o'
  test_BasicBlock__projection: '층은 맞지만 출력이 다릅니다. 더하기와 ReLU의 순서를 그림과 맞추어 보세요.'
  test_BasicBlock__any_size: '`BasicBlock`: for an input of (2, 4, 7, 5) the output is (2, 16, 4, 3)'
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
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(torch.cat([y, self.shortcut(x)], dim=1))
