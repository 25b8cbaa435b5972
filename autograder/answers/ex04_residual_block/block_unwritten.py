"""Only the network is written; the block is left as released.

language: en
points: 17
loses:
  test_BasicBlock__layers: '`BasicBlock`: not written yet.'
  test_BasicBlock: '`BasicBlock`: not written yet.'
  test_BasicBlock__projection: '`BasicBlock`: not written yet.'
  test_BasicBlock__training: '`BasicBlock`: not written yet.'
  test_BasicBlock__any_size: '`BasicBlock`: not written yet.'
  test_zero_init_residual: '`zero_init_residual`: not written yet.'
  test_zero_init_residual__projection: '`zero_init_residual`: not written yet.'
  test_zero_init_residual__in_place: '`zero_init_residual`: not written yet.'
  test_merge_branches: '`merge_branches`: not written yet'
  test_merge_branches__projection: '`merge_branches`: not written yet'
  test_merge_branches__originals: '`merge_branches`: not written yet'
  test_PooledBottleneck__layers: '`PooledBottleneck`: not written yet'
  test_PooledBottleneck: '`PooledBottleneck`: not written yet'
  test_PooledBottleneck__stride: '`PooledBottleneck`: not written yet'
  test_PooledBottleneck__odd: '`PooledBottleneck`: not written yet'
rest: stub
"""


# cell: TinyResNet
class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()
        )
        self.stages = nn.Sequential()
        channels = 16
        for width, stride, count in zip((16, 32, 64), (1, 2, 2), blocks):
            for index in range(count):
                self.stages.append(BasicBlock(channels, width, stride if index == 0 else 1))
                channels = width
        self.head = nn.Linear(64, num_classes)

    def forward(self, x):
        return self.head(self.stages(self.stem(x)).mean(dim=(2, 3)))
