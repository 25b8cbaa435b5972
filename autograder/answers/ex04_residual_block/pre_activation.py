"""Pre-activation: normalisation and ReLU come before each convolution.

language: en
points: 70
loses:
  test_BasicBlock__layers: '`BasicBlock`: the batch normalizations have [4, 8, 8] channels; each c'
  test_BasicBlock: '`BasicBlock`: a 3×3 convolution is not followed by batch normalization'
  test_BasicBlock__projection: '`BasicBlock`: a 3×3 convolution is not followed by batch normalization'
  test_zero_init_residual: '`zero_init_residual`: the tensors whose values changed differ. Missing'
  test_zero_init_residual__projection: '`zero_init_residual`: the tensors whose values changed differ. Missing'
"""


# cell: BasicBlock
class BasicBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x):
        y = self.conv1(torch.relu(self.bn1(x)))
        y = self.conv2(torch.relu(self.bn2(y)))
        return y + self.shortcut(x)
