"""Right, in the manner of a well-known repository.

language: en
points: 90
loses: {}
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    cams = []
    for i in range(features.shape[0]):
        idx = class_index if isinstance(class_index, int) else class_index[i]
        w = weight[idx].view(-1, 1, 1)
        cams.append((w * features[i]).sum(0))
    return torch.stack(cams)


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    h, w = cam.shape[1:]
    return cam.sum(-1).sum(-1) / (h * w) + bias


# cell: upsample_cam
def upsample_cam(cam, size):
    varies = (cam != cam[:, :1, :1]).flatten(1).any(dim=1).view(-1, 1, 1)
    up = nn.Upsample(size=size, mode="bilinear", align_corners=False)
    big = up(cam.unsqueeze(1)).squeeze(1)
    big = big - big.amin((1, 2), keepdim=True)
    big = big / big.amax((1, 2), keepdim=True).clamp(min=torch.finfo(cam.dtype).tiny)
    return big * varies
