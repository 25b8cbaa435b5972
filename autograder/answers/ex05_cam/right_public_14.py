"""Right, in the manner of a first attempt that works.

language: ko
points: 90
loses: {}
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    if isinstance(class_index, int):
        return torch.einsum("nchw,c->nhw", features, weight[class_index])
    return torch.einsum("nchw,nc->nhw", features, weight[class_index])


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    h, w = cam.shape[1:]
    return cam.sum(-1).sum(-1) / (h * w) + bias


# cell: upsample_cam
def upsample_cam(cam, size):
    out = []
    for one in cam:
        big = F.interpolate(one[None, None], size, mode="bilinear", align_corners=False)[0, 0]
        if one.max() == one.min() or big.max() == big.min():
            out.append(torch.zeros_like(big))
        else:
            big = big - big.min()
            out.append(big / big.max())
    return torch.stack(out)
