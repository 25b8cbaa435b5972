"""Adds a small number to the divisor, as many programs do: a map of very small values stays dark.

language: en
points: 85
loses:
  test_upsample_cam__scale: "a small number was added to the divisor"
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(cam[:, None], size=size, mode="bilinear", align_corners=False)[:, 0]
    low, high = big.amin((1, 2), keepdim=True), big.amax((1, 2), keepdim=True)
    varies = (cam.amax((1, 2)) > cam.amin((1, 2))).view(-1, 1, 1)
    return torch.where(varies, (big - low) / (high - low + 1e-8), 0.0)
