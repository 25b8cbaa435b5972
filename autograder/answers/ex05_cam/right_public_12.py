"""Right, in the manner of a colleague's review.

language: ko
points: 90
loses: {}
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    scores = torch.tensordot(features, weight, dims=([1], [1]))  # (N, H, W, K)
    index = torch.as_tensor(class_index).expand(features.shape[0])
    return scores.gather(3, index.view(-1, 1, 1, 1).expand(*scores.shape[:3], 1)).squeeze(3)


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return F.adaptive_avg_pool2d(cam, 1).view(cam.size(0)) + bias


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
