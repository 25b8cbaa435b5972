"""Calls a map constant whose values differ by less than a millionth.

language: ko
points: 85
loses:
  test_upsample_cam__scale: "값이 아주 작은 맵을 값이 모두 같은 맵으로 보았습니다"
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(cam[:, None], size=size, mode="bilinear", align_corners=False)[:, 0]
    low, high = big.amin((1, 2), keepdim=True), big.amax((1, 2), keepdim=True)
    varies = (cam.amax((1, 2)) - cam.amin((1, 2)) > 1e-6).view(-1, 1, 1)
    span = torch.where(high > low, high - low, 1.0)
    return torch.where(varies, (big - low) / span, 0.0)
