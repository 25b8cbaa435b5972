"""Right, in the manner of a paper's code.

language: en
points: 90
loses: {}
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    w = weight[class_index]
    w = w.expand(features.size(0), -1) if w.dim() == 1 else w
    return torch.sum(features * w.unsqueeze(-1).unsqueeze(-1), dim=1)


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return torch.stack([each.mean() for each in cam]) + bias


# cell: upsample_cam
def upsample_cam(cam, size):
    varies = (cam != cam[:, :1, :1]).flatten(1).any(dim=1).view(-1, 1, 1)
    up = nn.Upsample(size=size, mode="bilinear", align_corners=False)
    big = up(cam.unsqueeze(1)).squeeze(1)
    big = big - big.amin((1, 2), keepdim=True)
    big = big / big.amax((1, 2), keepdim=True).clamp(min=torch.finfo(cam.dtype).tiny)
    return big * varies
