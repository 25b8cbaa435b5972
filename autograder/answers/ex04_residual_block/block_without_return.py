"""`return` forgotten in the block.

language: ko
points: 74
loses:
  test_BasicBlock: '`BasicBlock`: `forward`에 `return`이 없습니다.'
  test_BasicBlock__projection: '`BasicBlock`: `forward`에 `return`이 없습니다.'
  test_BasicBlock__training: '`BasicBlock`: 출력에서 기울기가 흐르지 않습니다. `detach()`나 `no_grad()`가 있나요?'
  test_BasicBlock__any_size: '`BasicBlock`: 입력 (2, 4, 7, 5)에서 출력이 NoneType입니다. (2, 8, 4, 3)이어야 합니다.'
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
        y = torch.relu(y + self.shortcut(x))
