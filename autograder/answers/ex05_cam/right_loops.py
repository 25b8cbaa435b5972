"""Right: loops over the images, gather and clamp.

language: ko
points: 90
loses: {}
student: "20260003"
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    n, c, h, w = features.shape
    maps = features.new_zeros(n, h, w)
    for channel in range(c):
        if torch.is_tensor(class_index):
            factor = weight[:, channel].gather(0, class_index).reshape(n, 1, 1)
        else:
            factor = weight[class_index, channel]
        maps = maps + factor * features[:, channel]
    return maps


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    per_row = cam.mean(dim=2)  # (N, H)
    return per_row.mean(dim=1) + bias


# cell: upsample_cam
def upsample_cam(cam, size):
    cam = cam - cam.amin((-2, -1), keepdim=True)  # a constant map is 0 from here on
    big = torch.nn.functional.interpolate(cam.unsqueeze(0), size, mode="bilinear").squeeze(0)
    big = big - big.amin((-2, -1), keepdim=True)
    return big / big.amax((-2, -1), keepdim=True).clamp(min=torch.finfo(big.dtype).tiny)
