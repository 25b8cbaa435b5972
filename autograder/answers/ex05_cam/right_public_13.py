"""Right, in the manner of a library's source.

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
@torch.no_grad()
def logits_from_cam(cam, bias):
    return cam.flatten(start_dim=1).mean(dim=1).add(bias)


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
