"""Scales the whole batch by one minimum and maximum.

language: en
points: 79
loses:
  test_upsample_cam__scale: 'the whole batch was scaled at once'
  test_upsample_cam__constant: 'the whole batch was scaled at once'
  test_upsample_cam__sizes: 'the whole batch was scaled at once'
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(cam.unsqueeze(1), size=size, mode="bilinear", align_corners=False).squeeze(
        1
    )
    return (big - big.min()) / (big.max() - big.min()).clamp(min=1e-12)
