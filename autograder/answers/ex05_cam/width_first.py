"""Takes the size for (width, height).

language: en
points: 81
loses:
  test_upsample_cam: 'has the shape'
  test_upsample_cam__sizes: 'has the shape'
"""


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(
        cam.unsqueeze(1), size=(size[1], size[0]), mode="bilinear", align_corners=False
    ).squeeze(1)
    low, high = big.amin(dim=(1, 2), keepdim=True), big.amax(dim=(1, 2), keepdim=True)
    varies = cam.amax(dim=(1, 2), keepdim=True) > cam.amin(dim=(1, 2), keepdim=True)
    return torch.where(varies, (big - low) / torch.where(high > low, high - low, 1.0), 0.0)
