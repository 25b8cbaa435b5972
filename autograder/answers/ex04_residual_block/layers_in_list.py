"""Layers of the shortcut in a plain list.

language: ko
points: 78
loses:
  test_BasicBlock__layers: '`BasicBlock`: 모양이 바뀌는데 등록된 1×1 합성곱이 없습니다. 층을 보통의 리스트에 담지 않았나요?'
  test_BasicBlock__projection: '블록에 등록되지 않은 층이 있습니다. 층을 보통의 리스트나 사전에 담지 않았나요?'
  test_BasicBlock__any_size: '`BasicBlock` 실행 중 오류가 났습니다 (shape (1, 4, 1, 1)): ValueError: Expected'
"""


# cell: BasicBlock
class BasicBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = lambda x: x
        if stride != 1 or in_channels != out_channels:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False)
            hidden = [conv, nn.BatchNorm2d(out_channels)]
            self.shortcut = lambda x: hidden[1](hidden[0](x))

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + self.shortcut(x))
