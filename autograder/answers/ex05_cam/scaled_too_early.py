"""Scales first and enlarges afterwards, so that the ends no longer reach 0 and 1.

language: en
points: 84
loses:
  test_upsample_cam__constant: 'scaled before they were enlarged'
  test_upsample_cam__sizes: 'scaled before they were enlarged'
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    low, high = cam.amin(dim=(1, 2), keepdim=True), cam.amax(dim=(1, 2), keepdim=True)
    scaled = (cam - low) / torch.where(high > low, high - low, 1.0)
    return F.interpolate(
        scaled.unsqueeze(1), size=size, mode="bilinear", align_corners=False
    ).squeeze(1)
