"""Chapter 6's comparison of strategies: what trains, on how many images, and at which learning rate.

Photographs are 96 px, so that a row of a study takes seconds on one core. Every arm that passes images
through the backbone gets the same number of steps, whatever the size of the training set.
"""

import functools
import time

import torch

from book.snippets.cam import CamNet
from book.snippets.data import Split, load_cats_vs_dogs
from book.snippets.seeds import seed_everything
from book.snippets.training import accuracy_of, flip_and_shift, train
from book.snippets.transfer import (
    TransferNet,
    fine_tune,
    fit_head,
    net_accuracy,
    pick_balanced,
    pooled_features,
    pretrained_net,
    to_lite0,
)

TRANSFER_SIZE = 96  # side of an image, pixels
TRANSFER_STEPS = 40  # of 16 images
STRATEGIES = ("cached", "frozen", "partial", "full")
TOP_PARTS = ("blocks.12", "blocks.13", "blocks.14", "blocks.15", "last")  # what `partial` unfreezes


@functools.cache
def transfer_photos() -> dict[str, Split]:
    """Cats vs dogs at 96 px, loaded once."""
    return load_cats_vs_dogs(TRANSFER_SIZE)


def flip_and_move(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Mirror half of the normalised images and move each by up to 8 px over mid-grey."""
    return flip_and_shift(images, generator, shift=8)


def set_trainable(net: TransferNet, strategy: str) -> TransferNet:
    """Let train what the strategy says: the head (frozen), also the top four blocks (partial), or everything (full).

    Returns the same net. Raises `ValueError` for another strategy.
    """
    if strategy not in ("frozen", "partial", "full"):
        raise ValueError(f"strategy {strategy!r} is none of 'frozen', 'partial', 'full'; nothing was changed")
    net.requires_grad_(strategy == "full")
    net.head.requires_grad_(True)
    if strategy == "partial":
        for name in TOP_PARTS:
            net.backbone.get_submodule(name).requires_grad_(True)
    return net


def train_strategy(
    strategy: str,
    images: torch.Tensor,
    labels: torch.Tensor,
    num_classes: int,
    generator: torch.Generator,
    *,
    backbone_lr: float = 1e-4,
    steps: int = TRANSFER_STEPS,
) -> TransferNet:
    """A pretrained net adapted by one strategy, in eval mode.

    Cached features carry no augmentation. Fine-tuning starts from the head that the cached features gave, so that the
    backbone is not shaken by a random head.
    """
    net = pretrained_net(num_classes)
    if strategy != "frozen":
        net.head = fit_head(pooled_features(net.backbone, images), labels, num_classes)
    if strategy != "cached":
        rate = 1e-2 if strategy == "frozen" else 1e-3  # a new head needs larger steps than one that is trained already
        fine_tune(
            set_trainable(net, strategy),
            images,
            labels,
            steps=steps,
            backbone_lr=backbone_lr,
            head_lr=rate,
            generator=generator,
            augment=flip_and_move,
        )
    return net.eval()


def train_from_scratch(
    images: torch.Tensor, labels: torch.Tensor, num_classes: int, seed: int, steps: int = 400
) -> CamNet:
    """A small CNN with no past, on images shrunk to 48 px; more steps than the others get, since each is cheap."""
    small = CamNet(num_classes)
    epochs = max(1, steps * 32 // len(labels))
    augment = functools.partial(flip_and_shift, shift=4)
    train(
        small,
        shrink(images),
        labels,
        epochs=epochs,
        batch_size=32,
        lr=0.01,
        one_cycle=True,
        weight_decay=0.01,
        augment=augment,
        seed=seed,
    )
    return small.eval()


def shrink(images: torch.Tensor) -> torch.Tensor:
    """uint8 images at half their size, normalised: `(N, 3, S, S)` to `(N, 3, S/2, S/2)`."""
    return torch.nn.functional.avg_pool2d(to_lite0(images), 2)


def compare(
    strategy: str,
    train_set: Split,
    test: Split,
    num_classes: int,
    generator: torch.Generator,
    backbone_lr: float = 1e-4,
) -> dict[str, float]:
    """Train by one strategy, or from scratch, on all of `train_set`: test accuracy and CPU seconds of training."""
    images, labels = train_set.images, train_set.labels
    start = time.process_time()
    if strategy == "scratch":
        small = train_from_scratch(images, labels, num_classes, generator.initial_seed())
        seconds = time.process_time() - start
        return {"accuracy": accuracy_of(small, shrink(test.images), test.labels), "seconds": seconds}
    net = train_strategy(strategy, images, labels, num_classes, generator, backbone_lr=backbone_lr)
    seconds = time.process_time() - start
    return {"accuracy": net_accuracy(net, test.images, test.labels), "seconds": seconds}


def run_strategy(seed: int, strategy: str, images: int) -> dict[str, float]:
    """Cats vs dogs from `images` photographs in all, drawn anew for each seed."""
    generator = seed_everything(seed)
    photos = transfer_photos()
    chosen = pick_balanced(photos["train"].labels, images, generator)
    some = Split(photos["train"].images[chosen], photos["train"].labels[chosen])
    return compare(strategy, some, photos["test"], 2, generator)


def run_learning_rate(seed: int, backbone_lr: float) -> dict[str, float]:
    """Full fine-tuning from 100 photographs at one rate for the backbone: test accuracy."""
    generator = seed_everything(seed)
    photos = transfer_photos()
    chosen = pick_balanced(photos["train"].labels, 100, generator)
    images, labels = photos["train"].images[chosen], photos["train"].labels[chosen]
    net = train_strategy("full", images, labels, 2, generator, backbone_lr=backbone_lr)
    return {"accuracy": net_accuracy(net, photos["test"].images, photos["test"].labels)}
