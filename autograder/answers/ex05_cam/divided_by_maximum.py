"""Divides by the maximum and leaves the minimum where it is.

language: ko
points: 79
loses:
  test_upsample_cam__scale: '최댓값으로 나누기만'
  test_upsample_cam__constant: '값이 다릅니다'
  test_upsample_cam__sizes: '최댓값으로 나누기만'
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(cam.unsqueeze(1), size=size, mode="bilinear", align_corners=False).squeeze(
        1
    )
    high = big.amax(dim=(1, 2), keepdim=True)
    return big / torch.where(high != 0, high, 1.0)
