"""Right, in the manner of a course's lab.

language: en
points: 90
loses: {}
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    n, c, h, w = features.shape
    if not torch.is_tensor(class_index):
        class_index = torch.full((n,), class_index, dtype=torch.long)
    weights = weight[class_index]  # (N, C)
    cam = torch.bmm(weights.unsqueeze(1), features.reshape(n, c, h * w))
    return cam.reshape(n, h, w)


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return cam.mean(dim=(1, 2)) + bias


# cell: upsample_cam
def upsample_cam(cam, size):
    varies = (cam != cam[:, :1, :1]).flatten(1).any(dim=1).view(-1, 1, 1)
    up = nn.Upsample(size=size, mode="bilinear", align_corners=False)
    big = up(cam.unsqueeze(1)).squeeze(1)
    big = big - big.amin((1, 2), keepdim=True)
    big = big / big.amax((1, 2), keepdim=True).clamp(min=torch.finfo(cam.dtype).tiny)
    return big * varies
