"""Chapter 6: what a frozen backbone is fed, and what still moves in it.

The frozen-BatchNorm trap: a backbone whose parameters are frozen changes all the same while it is in train mode, since
batch normalization updates its running statistics at every forward pass.
"""

import torch
from torch import nn

from book.snippets.transfer import LITE0_MEAN, LITE0_STD, TransferNet

NORMALIZATIONS = {  # mean and standard deviation of each color, in units of uint8
    "own": ((LITE0_MEAN,) * 3, (LITE0_STD,) * 3),
    "ImageNet": ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),  # torchvision's, times 255
    "0 to 1": ((0.0,) * 3, (255.0,) * 3),
    "0 to 255": ((0.0,) * 3, (1.0,) * 3),
}

NORM_EPS = 1e-3  # EfficientNet-Lite0's, added to every variance

Statistics = list[tuple[torch.Tensor, torch.Tensor]]


def norm_layers(net: nn.Module) -> list[nn.BatchNorm2d]:
    """Every batch normalization of a net, from the input on."""
    return [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]


def running_statistics(net: nn.Module) -> Statistics:
    """A copy of each batch normalization's running mean and variance, both `(C,)`."""
    return [
        (layer.get_buffer("running_mean").clone(), layer.get_buffer("running_var").clone())
        for layer in norm_layers(net)
    ]


def drift(before: Statistics, after: Statistics) -> list[float]:
    """How differently each layer now normalizes what used to come out with mean 0 and variance 1.

    The root mean square of the difference, averaged over channels: with old mean m and deviation s, new M and S, it is
    the root of ((m - M) / S)² + (s / S - 1)². 0 where nothing moved; 1 means as large as the signal itself.
    """
    changes = []
    for (old_mean, old_var), (new_mean, new_var) in zip(before, after, strict=True):
        old_std, new_std = (old_var + NORM_EPS).sqrt(), (new_var + NORM_EPS).sqrt()  # (C,)
        moved, scaled = (old_mean - new_mean) / new_std, old_std / new_std - 1
        changes.append((moved**2 + scaled**2).sqrt().mean().item())
    return changes


def freeze_with(net: TransferNet, momentum: float) -> TransferNet:
    """Freeze the backbone's parameters and set how much of each batch its running statistics take up; the same net."""
    net.backbone.requires_grad_(False)
    for layer in norm_layers(net.backbone):
        layer.momentum = momentum
    return net
