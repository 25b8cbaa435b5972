"""Chapter 6's comparison of strategies, trained until the loss has flattened: heads, fine-tuning, and from nothing.

What a frozen part computes is computed once: heads train on cached feature vectors, partial fine-tuning on cached maps
of the blocks below. Augmentation of frozen parts means several altered copies of each image, cached likewise.
"""

import functools
import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn

from book.snippets.data import Split
from book.snippets.seeds import course_seed, seed_everything
from book.snippets.shapes import SHAPE_CLASSES
from book.snippets.training import falling
from book.snippets.transfer import (
    HEAD_STEPS,
    TransferNet,
    draw_copies,
    fine_tune,
    fit_head,
    head_accuracy,
    net_accuracy,
    pick_balanced,
    pooled_features,
    pretrained_net,
    to_lite0,
)
from book.snippets.transfer_arms import draw_transfer_shapes, flip_and_move, set_trainable, transfer_photos

CLASSES = {"photos": 2, "drawings": len(SHAPE_CLASSES)}
HEAD_COPIES = 20  # augmented copies of each image that a head may see
MAP_COPIES = 4  # the same for partial fine-tuning
TUNING_STEPS = {"partial": 400, "full": 100}  # of 16 images; full is as many seconds on one core
SCRATCH_STEPS = {20: 100, 400: 400}  # of 32 images: too few, which is the point of the study

Row = dict[str, float]


@functools.cache
def task_sets(task: str) -> dict[str, Split]:
    """1,000 images to train on and 400 to test, of `photos` or `drawings`, at 96 px."""
    if task == "photos":
        return transfer_photos()
    generator = torch.Generator().manual_seed(course_seed(6))
    return {
        name: draw_transfer_shapes(n, generator) for name, n in (("train", 1000), ("validation", 400), ("test", 400))
    }


@functools.cache
def shared_net() -> TransferNet:
    """A pretrained net that nobody trains."""
    return pretrained_net(2).requires_grad_(False)


@functools.cache
@torch.no_grad()
def cached_outputs(task: str, split: str, copies: int, lower: bool) -> torch.Tensor:
    """Each image as it is, then `copies` altered ones, through the frozen backbone or its part below `partial`.

    `(N, 1 + copies, 1280)` feature vectors, or `(N, 1 + copies, 192, 3, 3)` maps.
    """
    images = task_sets(task)[split].images
    backbone = shared_net().backbone
    blocks = list(backbone.get_submodule("blocks").children())[:12]
    below = nn.Sequential(backbone.get_submodule("stem"), *blocks) if lower else backbone
    generator = torch.Generator().manual_seed(course_seed(7))

    def through(x: torch.Tensor) -> torch.Tensor:
        maps = below(x)  # (B, C, 3, 3)
        return maps.contiguous() if lower else maps.mean(dim=(2, 3))

    found = []
    for some in images.split(16):
        x = to_lite0(some)  # (B, 3, 96, 96)
        found.append(torch.stack([through(x), *(through(flip_and_move(x, generator)) for _ in range(copies))], 1))
    return torch.cat(found)


def picked(task: str, images: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Indices of a training set of `images`, in equal shares, and its labels."""
    labels = task_sets(task)["train"].labels
    if images == len(labels):
        return torch.arange(images), labels
    chosen = pick_balanced(labels, images, generator)
    return chosen, labels[chosen]


def run_head(seed: int, task: str, strategy: str, images: int, length: float = 1) -> Row:
    """A head on cached features (`cached`) or on cached augmented copies (`augmented`), at equally many updates."""
    generator = seed_everything(seed)
    chosen, labels = picked(task, images, generator)
    copies = 0 if strategy == "cached" else HEAD_COPIES
    outputs = cached_outputs(task, "train", copies, lower=False)[chosen]  # (n, 1 + copies, 1280)
    plain = outputs[:, 0]
    seen = outputs[:, 1:].contiguous() if copies else plain
    losses: list[float] = []
    steps = round(HEAD_STEPS * length)
    head = fit_head(seen, labels, CLASSES[task], steps=steps, generator=generator, losses=losses)
    test = cached_outputs(task, "test", 0, lower=False)[:, 0]
    return {
        "accuracy": head_accuracy(head, test, task_sets(task)["test"].labels),
        "train": head_accuracy(head, plain, labels),
        "falling": falling(losses),
        "steps": steps,
        "n_test": len(test),
    }


def run_tuned(seed: int, task: str, strategy: str, images: int, rate: float, length: float = 1) -> Row:
    """Fine-tuning, `partial` or `full`, from the head that cached features give, with augmentation: 16 images a step.

    `rate` is the backbone's learning rate; the head has 0.001. `head` is the test accuracy before fine-tuning,
    `validation` the accuracy after it on the images that rates are chosen on.
    """
    generator = seed_everything(seed)
    measure: Callable[[TransferNet, torch.Tensor, torch.Tensor], float]
    augment: Callable[[torch.Tensor, torch.Generator], torch.Tensor]
    chosen, labels = picked(task, images, generator)
    sets = task_sets(task)
    net = set_trainable(pretrained_net(CLASSES[task]), strategy)
    if strategy == "partial":
        net = top_of(net)
        copies = cached_outputs(task, "train", MAP_COPIES, lower=True)[chosen]  # (n, 5, 192, 3, 3)
        seen, plain = copies[:, 1:], copies[:, 0]
        held_out, test = (cached_outputs(task, name, 0, lower=True)[:, 0] for name in ("validation", "test"))
        features = pooled(net.backbone, plain)
        augment, measure = draw_copies, map_accuracy
    else:
        seen = plain = sets["train"].images[chosen]
        held_out, test = sets["validation"].images, sets["test"].images
        features = pooled_features(net.backbone, plain)
        augment, measure = flip_and_move, net_accuracy
    net.head = fit_head(features, labels, CLASSES[task])
    start = measure(net, test, sets["test"].labels)
    steps = round(TUNING_STEPS[strategy] * length)
    losses = fine_tune(
        net, seen, labels, steps=steps, backbone_lr=rate, head_lr=1e-3, generator=generator, augment=augment
    )
    return {
        "accuracy": measure(net, test, sets["test"].labels),
        "validation": measure(net, held_out, sets["validation"].labels),
        "head": start,
        "train": measure(net, plain, labels),
        "falling": falling_of_guessing(losses, CLASSES[task]),
        "loss": sum(losses[-(len(losses) // 10) :]) / (len(losses) // 10),
        "steps": steps,
        "n_test": len(test),
    }


def falling_of_guessing(losses: list[float], num_classes: int) -> float:
    """`falling`, as a share of what guessing costs: fine-tuning starts from a fitted head, whose loss is near 0."""
    tenth = len(losses) // 10
    return falling(losses) * sum(losses[:tenth]) / tenth / math.log(num_classes)


def top_of(net: TransferNet) -> TransferNet:
    """The part of a net that `partial` trains, as a net of its own: maps `(N, 192, 3, 3)` to logits; shared modules."""
    blocks = list(net.backbone.get_submodule("blocks").children())[12:]
    return TransferNet(nn.Sequential(*blocks, net.backbone.get_submodule("last")), net.head.out_features).eval()


@torch.no_grad()
def pooled(top: nn.Module, maps: torch.Tensor) -> torch.Tensor:
    """Feature vectors of cached maps, `(N, 192, 3, 3)` to `(N, 1280)`."""
    return torch.cat([top(some).mean(dim=(2, 3)) for some in maps.split(64)])


def map_accuracy(net: TransferNet, maps: torch.Tensor, labels: torch.Tensor) -> float:
    """Share of cached maps that the upper part of a net gets right, in eval mode."""
    return head_accuracy(net.head, pooled(net.eval().backbone, maps), labels)


def shrink(images: torch.Tensor) -> torch.Tensor:
    """uint8 images at half their size: `(N, 3, S, S)` to `(N, 3, S/2, S/2)`."""
    return F.avg_pool2d(images.float(), 2).round().to(torch.uint8)


def small_net(num_classes: int) -> TransferNet:
    """A CNN of three convolutions and about 14,000 parameters, with random weights."""
    layers: list[nn.Module] = []
    for before, after, stride in ((3, 16, 2), (16, 32, 2), (32, 32, 1)):
        layers += [nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    return TransferNet(nn.Sequential(*layers), num_classes, channels=32)


def run_scratch(seed: int, task: str, images: int, length: float = 1) -> Row:
    """A small CNN from nothing, on images of 48 px, with augmentation: 32 images a step at a peak rate of 0.01."""
    generator = seed_everything(seed)
    chosen, labels = picked(task, images, generator)
    net = small_net(CLASSES[task])
    return from_nothing(net, task, chosen, labels, round(SCRATCH_STEPS[images] * length), 1e-2, 32, generator)


def from_nothing(
    net: TransferNet,
    task: str,
    chosen: torch.Tensor,
    labels: torch.Tensor,
    steps: int,
    rate: float,
    batch: int,
    generator: torch.Generator,
) -> Row:
    """Train all of a net with random weights, batch normalization in train mode, and measure it."""
    net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    images, test = shrink(task_sets(task)["train"].images[chosen]), task_sets(task)["test"]
    losses = fine_tune(
        net,
        images,
        labels,
        steps=steps,
        backbone_lr=rate,
        head_lr=rate,
        generator=generator,
        batch=batch,
        augment=flip_and_move,
        batch_statistics=True,
    )
    return {
        "accuracy": net_accuracy(net, shrink(test.images), test.labels),
        "train": net_accuracy(net, images, labels),
        "falling": falling(losses),
        "steps": steps,
        "n_test": len(test),
    }
