"""Pools instead of striding.

language: en
points: 83
loses:
  test_downsample: 'contains pooling'
  test_downsample__sizes: 'contains pooling'
"""


# cell: downsample
def downsample(in_channels, out_channels):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)
    )
