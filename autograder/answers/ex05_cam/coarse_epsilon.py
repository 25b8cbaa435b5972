"""Adds 0.00001 to the range, which shows on weak maps.

language: ko
points: 82
loses:
  test_upsample_cam__scale: '값이 다릅니다'
  test_upsample_cam__sizes: 'float64'
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(cam.unsqueeze(1), size=size, mode="bilinear", align_corners=False).squeeze(
        1
    )
    low, high = big.amin(dim=(1, 2), keepdim=True), big.amax(dim=(1, 2), keepdim=True)
    return (
        (big - low)
        / (high - low + 1e-5)
        * (cam.amax(dim=(1, 2), keepdim=True) > cam.amin(dim=(1, 2), keepdim=True))
    )
