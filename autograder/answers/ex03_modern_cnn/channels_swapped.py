"""Confuses the channels that come in with those that go out.

language: ko
points: 83
loses:
  test_downsample: '합성곱의 채널이'
  test_downsample__sizes: '합성곱의 채널이'
"""


# cell: downsample
def downsample(in_channels, out_channels):
    return nn.Sequential(nn.Conv2d(out_channels, in_channels, 3, stride=2, padding=1), nn.ReLU())
