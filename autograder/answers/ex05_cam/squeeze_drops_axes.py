"""Squeezes away every axis of length 1, batches of one and 1×1 maps included.

language: en
points: 80
loses:
  test_class_activation_map__sizes: 'Did `squeeze()` drop'
  test_upsample_cam__constant: 'raised an error'
  test_upsample_cam__sizes: 'Did `squeeze()` drop'
student: "20260011"
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return (weight[class_index][..., None, None] * features).sum(dim=1, keepdim=True).squeeze()


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(cam.unsqueeze(1), size=size, mode="bilinear", align_corners=False).squeeze()
    low, high = big.amin(dim=(-2, -1), keepdim=True), big.amax(dim=(-2, -1), keepdim=True)
    scaled = (big - low) / torch.where(high > low, high - low, 1.0)
    varies = cam.flatten(1).amax(dim=1) > cam.flatten(1).amin(dim=1)
    return torch.where(varies[:, None, None], scaled, 0.0) if scaled.ndim == 3 else scaled
