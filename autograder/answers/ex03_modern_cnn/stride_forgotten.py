"""The layer does not stride.

language: ko
points: 83
loses:
  test_downsample: '`stride`이(가) (1, 1)'
  test_downsample__sizes: '`stride`이(가) (1, 1)'
"""


# cell: downsample
def downsample(in_channels, out_channels):
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU())
