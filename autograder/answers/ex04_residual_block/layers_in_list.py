"""Layers of the shortcut in a plain list.

language: ko
points: 20
loses:
  test_BasicBlock__projection: '블록에 등록되지 않은 층이 있습니다. 층을 보통의 리스트나 사전에 담지 않았나요?'
  test_BasicBlock__training: '`moved` differs. Missing: Conv2d.weight|8x4x1x1#0,'
  test_BasicBlock__any_size: '블록에 등록되지 않은 층이 있습니다. 층을 보통의 리스트나 사전에 담지 않았나요?'
  test_zero_init_residual__projection: 'a layer is not registered in the block. Is it kept in a plai'
  test_TinyResNet: '`shapes`이(가) 다릅니다. 빠진 것: BatchNorm2d.bias|32, Batc'
  test_TinyResNet__depth: '`shapes` differs. Missing: BatchNorm2d.bias|32, Ba'
  test_TinyResNet__forward: '`shapes`이(가) 다릅니다. 빠진 것: BatchNorm2d.bias|32, Batc'
  test_TinyResNet__learns: '`moved` differs. Missing: Conv2d.weight|32x16x1x1#'
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
