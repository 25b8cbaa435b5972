"""A 2×2 kernel with padding 0: right for even sizes only in shape.

language: ko
points: 83
loses:
  test_downsample: '`kernel_size`'
  test_downsample__sizes: '`kernel_size`'
"""


# cell: downsample
def downsample(in_channels, out_channels):
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, 2, stride=2), nn.ReLU())
