"""Builds the layer and forgets to return it.

language: en
points: 83
loses:
  test_downsample: '`downsample` has no `return`'
  test_downsample__sizes: '`downsample` has no `return`'
"""


# cell: downsample
def downsample(in_channels, out_channels):
    layer = nn.Sequential(nn.Conv2d(in_channels, out_channels, 3, stride=2, padding=1), nn.ReLU())
