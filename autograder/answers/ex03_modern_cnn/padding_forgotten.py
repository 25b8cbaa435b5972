"""The layer does not pad.

language: en
points: 83
loses:
  test_downsample: 'has `padding` (0, 0)'
  test_downsample__sizes: 'has `padding` (0, 0)'
"""


# cell: downsample
def downsample(in_channels, out_channels):
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, 3, stride=2), nn.ReLU())
