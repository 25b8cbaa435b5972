"""Divides a constant map by zero.

language: ko
points: 87
loses:
  test_upsample_cam__constant: 'NaN'
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(cam.unsqueeze(1), size=size, mode="bilinear", align_corners=False).squeeze(
        1
    )
    low, high = big.amin(dim=(1, 2), keepdim=True), big.amax(dim=(1, 2), keepdim=True)
    return (big - low) / (high - low)
