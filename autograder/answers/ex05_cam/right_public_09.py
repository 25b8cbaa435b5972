"""Right, in the manner of a short script.

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
    return F.adaptive_avg_pool2d(cam, 1).view(cam.size(0)) + bias


# cell: upsample_cam
def upsample_cam(cam, size):
    constant = cam.flatten(1).max(1).values == cam.flatten(1).min(1).values
    big = F.interpolate(cam[:, None], size=size, mode="bilinear", align_corners=False)[:, 0]
    flat = big.flatten(1)
    low = flat.min(1).values[:, None, None]
    high = flat.max(1).values[:, None, None]
    span = high - low
    span = torch.where(span == 0, torch.ones_like(span), span)
    out = (big - low) / span
    out[constant] = 0
    return out
