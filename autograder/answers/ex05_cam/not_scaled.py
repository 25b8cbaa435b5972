"""Enlarges and leaves the values as they are.

language: ko
points: 79
loses:
  test_upsample_cam__scale: '0과 1 사이로 맞추지 않았습니다'
  test_upsample_cam__constant: '0과 1 사이로 맞추지 않았습니다'
  test_upsample_cam__sizes: '0과 1 사이로 맞추지 않았습니다'
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    return F.interpolate(cam.unsqueeze(1), size=size, mode="bilinear", align_corners=False).squeeze(
        1
    )
