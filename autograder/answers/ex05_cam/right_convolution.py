"""Right: maps of every class by a 1×1 convolution, then the wanted ones; modules of `nn`.

language: en
points: 90
loses: {}
student: "20260002"
short_answer: |
  The letters reveal the hospital, and the test set has the same letters, so a high accuracy does not rule out shortcut learning.
  A CAM is not causal. Paint over the letters, and as a control over an empty corner; if only the first changes the predictions, the letters are the cause.
  Each map was scaled by itself, so brightness cannot be compared across maps; look at the logits.
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    everything = F.conv2d(features, weight[:, :, None, None])  # (N, K, H, W)
    if not torch.is_tensor(class_index):
        return everything[:, class_index]
    rows = torch.arange(len(features))
    return everything[rows, class_index]


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    n, h, w = cam.shape
    return cam.sum(dim=(-2, -1)) / (h * w) + bias


# cell: upsample_cam
def stretch(one):
    """One map to [0, 1]."""
    one = one - one.min()
    return one / one.max() if one.max() > 0 else one


def upsample_cam(cam, size):
    enlarge = nn.Upsample(size=size, mode="bilinear", align_corners=False)
    found = []
    for small, big in zip(cam, enlarge(cam.unsqueeze(1)).squeeze(1)):
        found.append(stretch(big) if small.unique().numel() > 1 else torch.zeros_like(big))
    return torch.stack(found)
