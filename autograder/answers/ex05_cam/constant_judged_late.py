"""Looks for constant maps after enlarging, where rounding has made them vary.

language: en
points: 87
loses:
  test_upsample_cam__constant: 'before it is enlarged'
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(cam.unsqueeze(1), size=size, mode="bilinear", align_corners=False).squeeze(
        1
    )
    low, high = big.amin(dim=(1, 2), keepdim=True), big.amax(dim=(1, 2), keepdim=True)
    return (big - low) / torch.where(high > low, high - low, 1.0)
