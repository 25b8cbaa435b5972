"""Right, in the manner of a student who likes loops.

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
    return torch.stack([each.mean() for each in cam]) + bias


# cell: upsample_cam
import numpy as np


def upsample_cam(cam, size):
    resized = (
        F.interpolate(cam.detach().unsqueeze(1), size=tuple(size), mode="bilinear")
        .squeeze(1)
        .numpy()
    )
    result = np.zeros_like(resized)
    for i, (small, big) in enumerate(zip(cam.detach().numpy(), resized)):
        if np.ptp(small) > 0 and np.ptp(big) > 0:
            result[i] = (big - big.min()) / np.ptp(big)
    return torch.from_numpy(result)
