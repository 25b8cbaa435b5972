"""Adds zeros at the end so that every window is full, and counts them.

language: en
points: 87
loses:
  test_avg_pool2d__windows: '0을 덧붙여'
"""


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    more = [-(n - kernel) % stride for n in x.shape[2:]]
    x = F.pad(x, (0, more[1], 0, more[0]))
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(4, 5))
