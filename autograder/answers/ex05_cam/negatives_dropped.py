"""Drops the negative values before scaling.

language: en
points: 79
loses:
  test_upsample_cam__scale: 'negative values were dropped'
  test_upsample_cam__constant: 'negative values were dropped'
  test_upsample_cam__sizes: 'negative values were dropped'
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    big = (
        F.interpolate(cam.unsqueeze(1), size=size, mode="bilinear", align_corners=False)
        .squeeze(1)
        .relu()
    )
    low, high = big.amin(dim=(1, 2), keepdim=True), big.amax(dim=(1, 2), keepdim=True)
    varies = cam.amax(dim=(1, 2), keepdim=True) > cam.amin(dim=(1, 2), keepdim=True)
    return torch.where(varies, (big - low) / torch.where(high > low, high - low, 1.0), 0.0)
