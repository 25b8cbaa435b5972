"""ReLU comes before the convolution.

language: ko
points: 83
loses:
  test_downsample: '합성곱 다음에 ReLU가 없습니다'
  test_downsample__sizes: '합성곱 다음에 ReLU가 없습니다'
"""


# cell: downsample
def downsample(in_channels, out_channels):
    return nn.Sequential(nn.ReLU(), nn.Conv2d(in_channels, out_channels, 3, stride=2, padding=1))
