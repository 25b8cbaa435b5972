"""Right, in the manner of a blog post.

language: ko
points: 90
loses: {}
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    maps = F.conv2d(features, weight[:, :, None, None])  # (N, K, H, W)
    if isinstance(class_index, int):
        return maps[:, class_index]
    return maps[torch.arange(len(features)), class_index]


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return cam.mean(dim=(1, 2)) + bias


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
