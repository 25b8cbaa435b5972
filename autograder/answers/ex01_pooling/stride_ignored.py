"""Tiles only: moves by the window whatever the stride.

language: ko
points: 86
loses:
  test_max_pool2d__windows: 'moved by `kernel`'
"""


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    n, c, h, w = x.shape
    h, w = h // kernel, w // kernel
    tiles = x[:, :, : h * kernel, : w * kernel].reshape(n, c, h, kernel, w, kernel)
    return tiles.amax(dim=(3, 5))
