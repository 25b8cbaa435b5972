"""Right, in the manner of lecture notes.

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
