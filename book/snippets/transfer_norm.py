"""Chapter 6's experiments on what a frozen backbone is fed and what still moves in it.

The frozen-BatchNorm trap: a backbone whose parameters are frozen changes all the same while it is in train mode, since
batch normalisation updates its running statistics at every forward pass.
"""

import torch
from torch import nn

from book.snippets.data import Split
from book.snippets.seeds import seed_everything
from book.snippets.shapes import SHAPE_CLASSES
from book.snippets.transfer import (
    LITE0_MEAN,
    LITE0_STD,
    TransferNet,
    fine_tune,
    fit_head,
    head_accuracy,
    net_accuracy,
    pick_balanced,
    pooled_features,
    pretrained_net,
)
from book.snippets.transfer_arms import transfer_photos
from book.snippets.transfer_tasks import draw_transfer_shapes

NORMALISATIONS = {  # mean and standard deviation of each colour, in units of uint8
    "own": ((LITE0_MEAN,) * 3, (LITE0_STD,) * 3),
    "ImageNet": ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),  # torchvision's, times 255
    "0 to 1": ((0.0,) * 3, (255.0,) * 3),
    "0 to 255": ((0.0,) * 3, (1.0,) * 3),
}

NORM_EPS = 1e-3  # EfficientNet-Lite0's, added to every variance

Statistics = list[tuple[torch.Tensor, torch.Tensor]]


@torch.no_grad()
def features_under(name: str, backbone: nn.Module, images: torch.Tensor, batch: int = 100) -> torch.Tensor:
    """Feature vectors `(N, C)` of uint8 images that are normalised by one entry of `NORMALISATIONS`."""
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in NORMALISATIONS[name])
    return torch.cat([backbone((part.float() - mean) / std).mean(dim=(2, 3)) for part in images.split(batch)])


def norm_layers(net: nn.Module) -> list[nn.BatchNorm2d]:
    """Every batch normalisation of a net, from the input on."""
    return [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]


def running_statistics(net: nn.Module) -> Statistics:
    """A copy of each batch normalisation's running mean and variance, both `(C,)`."""
    return [
        (layer.get_buffer("running_mean").clone(), layer.get_buffer("running_var").clone())
        for layer in norm_layers(net)
    ]


def drift(before: Statistics, after: Statistics) -> list[float]:
    """How differently each layer now normalises what used to come out with mean 0 and variance 1.

    The root mean square of the difference, averaged over channels: with old mean m and deviation s, new M and S, it is
    the root of ((m - M) / S)² + (s / S - 1)². 0 where nothing moved; 1 means as large as the signal itself.
    """
    changes = []
    for (old_mean, old_var), (new_mean, new_var) in zip(before, after, strict=True):
        old_std, new_std = (old_var + NORM_EPS).sqrt(), (new_var + NORM_EPS).sqrt()  # (C,)
        moved, scaled = (old_mean - new_mean) / new_std, old_std / new_std - 1
        changes.append((moved**2 + scaled**2).sqrt().mean().item())
    return changes


def run_normalisation(seed: int, constants: str) -> dict[str, float]:
    """A head on cached features of 100 photographs, and the test photographs, under one pair of constants: accuracy."""
    generator = seed_everything(seed)
    photos = transfer_photos()
    chosen = pick_balanced(photos["train"].labels, 100, generator)
    backbone = pretrained_net(2).backbone
    features = features_under(constants, backbone, photos["train"].images[chosen])
    head = fit_head(features, photos["train"].labels[chosen], 2)
    return {
        "accuracy": head_accuracy(
            head, features_under(constants, backbone, photos["test"].images), photos["test"].labels
        )
    }


WATCHED_STEPS = (0, 10, 20, 40)


def freeze_with(net: TransferNet, momentum: float) -> TransferNet:
    """Freeze the backbone's parameters and set how much of each batch its running statistics take up; the same net."""
    net.backbone.requires_grad_(False)
    for layer in norm_layers(net.backbone):
        layer.momentum = momentum
    return net


def photo_sets(generator: torch.Generator) -> tuple[Split, Split]:
    """100 training and 200 test photographs, drawn in equal shares."""
    picked = []
    for name, n in (("train", 100), ("test", 200)):
        split = transfer_photos()[name]
        chosen = pick_balanced(split.labels, n, generator)
        picked.append(Split(split.images[chosen], split.labels[chosen]))
    return picked[0], picked[1]


def run_frozen_norm(seed: int, task: str, momentum: float) -> dict[str, float | list[float]]:
    """Train a new head on a frozen backbone in train mode, while an old head for photographs looks on.

    `task` is what the new head learns: the `photos` of the old head, or `drawings`. Momentum 0 is the mend: the
    backbone in eval mode. Reports after `WATCHED_STEPS` steps of 8 images how far the running means have drifted and
    what the old head, which nobody touches, still gets right; at the end the new head's accuracy in eval mode.
    """
    generator = seed_everything(seed)
    photos, test = photo_sets(generator)
    net = freeze_with(pretrained_net(2), momentum)
    old_head = fit_head(pooled_features(net.backbone, photos.images), photos.labels, 2)
    known, new = photos, test
    if task == "drawings":
        known, new = draw_transfer_shapes(100, generator), draw_transfer_shapes(200, generator)
        net.head = nn.Linear(net.head.in_features, len(SHAPE_CLASSES))
    start = running_statistics(net.backbone)
    drifts, old_accuracies = [], []

    def watch(step: int) -> None:
        if step in WATCHED_STEPS:
            drifts.append(sum(drift(start, running_statistics(net.backbone))) / len(start))
            net.eval()
            old_accuracies.append(head_accuracy(old_head, pooled_features(net.backbone, test.images), test.labels))
            net.train(momentum > 0)

    fine_tune(
        net,
        known.images,
        known.labels,
        steps=WATCHED_STEPS[-1],
        batch=8,
        backbone_lr=0.0,
        head_lr=1e-2,
        generator=generator,
        batch_statistics=momentum > 0,
        watch=watch,
    )
    return {"drift": drifts, "old": old_accuracies, "new": net_accuracy(net, new.images, new.labels)}
