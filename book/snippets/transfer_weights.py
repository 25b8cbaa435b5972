"""Chapter 6's control: what pretrained weights are worth when architecture, resolution and training
stay the same.

All arms see the same 100 photographs of 96 px, with the same augmentation, for the same number of
steps of 16, and normalize by the batch. Only the starting weights differ, or, against `small`, the
architecture.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from book.snippets.seeds import seed_everything
from book.snippets.training import falling
from book.snippets.transfer import Lite0Backbone, TransferNet, fine_tune, load_lite0, net_accuracy
from book.snippets.transfer_arms import flip_and_move
from book.snippets.transfer_strategies import Row, picked, small_net, task_sets

WEIGHTS_IMAGES = 100
WEIGHTS_STEPS = 128  # of 16 photographs
HEAD_RATE = 1e-3


def lite0_net(*, pretrained: bool) -> TransferNet:
    """EfficientNet-Lite0's backbone, pretrained or with random weights, under a new head for two
    classes.

    Its running statistics follow at PyTorch's own momentum of 0.1: at the 0.01 of the model's file,
    short trainings would be over before evaluation mode knows them.
    """
    net = TransferNet(Lite0Backbone(load_lite0(pretrained=pretrained)), 2)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.1
    return net


STARTS: dict[str, Callable[[], TransferNet]] = {
    "pretrained": lambda: lite0_net(pretrained=True),
    "random": lambda: lite0_net(pretrained=False),
    "small": lambda: small_net(2),
}


def run_weights(seed: int, arm: str, length: float = 1) -> Row:
    """Train all of a net on photographs; `arm` is where it starts and its backbone's rate, as in
    `random, 0.001`.

    `validation` is the accuracy on the photographs that rates are chosen on.
    """
    start, rate = arm.split(", ")
    generator = seed_everything(seed)
    sets = task_sets("photos")
    chosen, labels = picked("photos", WEIGHTS_IMAGES, generator)
    images = sets["train"].images[chosen]
    net = STARTS[start]().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    losses = fine_tune(
        net,
        images,
        labels,
        steps=round(WEIGHTS_STEPS * length),
        backbone_lr=float(rate),
        head_lr=HEAD_RATE,
        generator=generator,
        augment=flip_and_move,
        batch_statistics=True,
    )
    return {
        "accuracy": net_accuracy(net, sets["test"].images, sets["test"].labels),
        "validation": net_accuracy(net, sets["validation"].images, sets["validation"].labels),
        "train": net_accuracy(net, images, labels),
        "falling": falling(losses),
        "steps": len(losses),
        "n_test": len(sets["test"]),
    }


def weights_claims(rows: list[dict[str, Any]]) -> dict[str, bool]:
    """Pretrained weights against random ones at whichever rate does better in the test, for rows of
    one length.
    """
    tested: dict[str, list[float]] = {}
    for row in rows:
        tested.setdefault(str(row["arm"]), []).append(row["accuracy"])
    pretrained, random = (
        max(sum(found) / len(found) for arm, found in tested.items() if arm.startswith(start))
        for start in ("pretrained", "random")
    )
    return {
        "all else equal, pretrained weights are ahead": pretrained > random,
        "all else equal, pretrained weights are worth 20 points or more": pretrained - random > 0.2,
    }
