"""Turns everything into float32.

language: ko
points: 71
loses:
  test_class_activation_map__sizes: 'dtype'
  test_class_activation_map__gradient: 'float32'
  test_logits_from_cam: 'dtype'
  test_logits_from_cam__per_image: 'float32'
  test_upsample_cam__sizes: 'dtype'
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    return (weight[class_index][..., None, None].float() * features.float()).sum(dim=1)


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return cam.float().mean(dim=(1, 2)) + torch.as_tensor(bias, dtype=torch.float32)


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(
        cam.float().unsqueeze(1), size=size, mode="bilinear", align_corners=False
    ).squeeze(1)
    low, high = big.amin(dim=(1, 2), keepdim=True), big.amax(dim=(1, 2), keepdim=True)
    varies = cam.amax(dim=(1, 2), keepdim=True) > cam.amin(dim=(1, 2), keepdim=True)
    return torch.where(varies, (big - low) / torch.where(high > low, high - low, 1.0), 0.0)
