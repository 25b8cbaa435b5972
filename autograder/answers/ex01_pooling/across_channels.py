"""One maximum over all channels.

language: en
points: 79
loses:
  test_max_pool2d: '채널은 남길 축'
  test_max_pool2d__windows: 'kept apart'
  test_max_pool2d__any_input: 'kept apart'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    windows = F.unfold(x, kernel, stride=stride)  # (N, C * kernel * kernel, places)
    h, w = output_size(x.shape[2], kernel, stride), output_size(x.shape[3], kernel, stride)
    return windows.amax(dim=1, keepdim=True).reshape(len(x), 1, h, w)
