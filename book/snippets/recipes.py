"""The experiments of ch03: a race of training recipes, five ways to shrink a map, three heads on two backbones."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import nn

from book.snippets.cifar import Pair, cifar_tensors, small_cifar
from book.snippets.fit import fit
from book.snippets.modern_cnn import EarlyStrideCNN, ModernGAPCNN
from book.snippets.receptive import centre_gradient, effective_side
from book.snippets.seeds import course_seed
from book.snippets.training import accuracy_of, falling, flip_and_shift


def flip_only(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Mirror half of the images, `(N, 3, H, W)` to the same."""
    mirrored = (torch.rand(len(images), generator=generator) < 0.5).to(images.device)
    return torch.where(mirrored.view(-1, 1, 1, 1), images.flip(3), images)


@dataclass(frozen=True)
class Recipe:
    """A network and how it is trained; the defaults are the better recipe."""

    network: Callable[[], nn.Module] = EarlyStrideCNN
    batch_size: int = 64
    one_cycle: bool = True
    mirrored: bool = True
    weight_decay: float = 5e-4
    channels_last: bool = True
    epochs: tuple[float, ...] = (0.25, 0.5, 1, 2)  # each is a training of its own, from start to end


OLD_TRAINING = {"batch_size": 16, "one_cycle": False, "mirrored": False, "weight_decay": 0.0, "channels_last": False}
BETTER = Recipe()
RECIPES = {
    "baseline": Recipe(ModernGAPCNN, **OLD_TRAINING, epochs=(1, 4)),  # type: ignore[arg-type]
    "new training only": replace(BETTER, network=ModernGAPCNN, epochs=(0.5, 1, 2, 4)),
    "new network only": Recipe(**OLD_TRAINING),  # type: ignore[arg-type]
    "better": BETTER,
    # the better recipe with one of its changes taken back
    "first layer without stride": replace(BETTER, network=lambda: EarlyStrideCNN(strides=(1, 2, 2))),
    "two layers": replace(BETTER, network=lambda: EarlyStrideCNN(widths=(64, 128), strides=(2, 2))),
    "no batch norm": replace(BETTER, network=lambda: EarlyStrideCNN(norm=False)),
    "batches of 16": replace(BETTER, batch_size=16),
    "constant rate": replace(BETTER, one_cycle=False),
    "not mirrored": replace(BETTER, mirrored=False),
    "no weight decay": replace(BETTER, weight_decay=0.0),
    "default memory format": replace(BETTER, channels_last=False),
}


def run_recipe(
    recipe: Recipe, epochs: float, seed: int = 0, data: Pair | None = None
) -> tuple[nn.Module, float, list[float]]:
    """Train once by `recipe`, by default on the course's 16 px images: the network, its CPU seconds, its losses."""
    images, labels = data or small_cifar()[0]
    torch.manual_seed(course_seed(seed))
    net = recipe.network().to(images.device)
    if recipe.channels_last:
        net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        images = images.contiguous(memory_format=torch.channels_last)
    start = time.process_time()
    losses = fit(
        net,
        images,
        labels,
        steps=math.ceil(epochs * len(labels) / recipe.batch_size),
        batch_size=recipe.batch_size,
        one_cycle=recipe.one_cycle,
        weight_decay=recipe.weight_decay,
        augment=flip_only if recipe.mirrored else None,
        seed=course_seed(seed),
    )
    return net, time.process_time() - start, losses


def study_recipe(seed: int, recipe: str, length: float = 1) -> dict[str, float | list[float]]:
    """One recipe at each of its budgets: epochs, CPU seconds and test accuracy of each; the rest from the longest."""
    train, test = small_cifar()
    budgets = [length * epochs for epochs in RECIPES[recipe].epochs]
    seconds, accuracy = [], []
    for epochs in budgets:
        net, spent, losses = run_recipe(RECIPES[recipe], epochs, seed)
        seconds.append(spent)
        accuracy.append(accuracy_of(net, *test))
    return {
        "epochs": budgets,
        "used": seconds,
        "accuracy": accuracy,
        "steps": len(losses),
        "train": accuracy_of(net, *train),
        "falling": falling(losses),
    }


def shrinking_net(kind: str, widths: tuple[int, ...]) -> nn.Sequential:
    """Three blocks that each halve the map, then GAP and a linear layer.

    `kind` says how: `max` or `average` pooling after each convolution, `stride` in the convolution itself, or `added`,
    a strided convolution in the place of the pooling. Source: Springenberg et al. 2015, arXiv:1412.6806, table 1
    """
    layers: list[nn.Module] = []

    def convolution(c_in: int, c_out: int, stride: int) -> list[nn.Module]:
        conv = nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1, bias=False)
        return [conv, nn.BatchNorm2d(c_out), nn.ReLU()]

    for c_in, c_out in zip((3, *widths), widths, strict=False):
        layers += convolution(c_in, c_out, 2 if kind == "stride" else 1)
        if kind == "added":
            layers += convolution(c_out, c_out, 2)
        elif kind != "stride":
            layers += [nn.MaxPool2d(2) if kind == "max" else nn.AvgPool2d(2)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], 10))


SHRINKING = {
    "max": ("max", (16, 32, 64)),
    "average": ("average", (16, 32, 64)),
    "stride, equal parameters": ("stride", (16, 32, 64)),
    "stride, equal compute": ("stride", (33, 66, 132)),
    "added strided convolution": ("added", (16, 32, 64)),
}


def study_shrinking(seed: int, way: str, length: float = 1, epochs: float = 8) -> dict[str, float]:
    """Train one way to shrink on 16 px images: accuracy in training and test."""
    train, test = small_cifar()
    torch.manual_seed(course_seed(seed))
    net = shrinking_net(*SHRINKING[way])
    steps = math.ceil(length * epochs * len(train[1]) / 64)
    losses = fit(net, *train, steps=steps, augment=flip_and_shift, seed=course_seed(seed))
    return {
        "test": accuracy_of(net, *test),
        "train": accuracy_of(net, *train),
        "steps": steps,
        "falling": falling(losses),
    }


class Shuffle(nn.Module):
    """Puts the positions of a map `(N, C, H, W)` into a new random order for each image."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        n, c, h, w = x.shape
        order = torch.rand(n, 1, h * w).argsort(dim=2).expand(n, c, h * w)
        return x.flatten(2).gather(2, order).view(n, c, h, w)


def head_net(head: str, extra: int) -> nn.Sequential:
    """A small `EarlyStrideCNN` under a head `gap`, `flatten` or `shuffled` (flatten after `Shuffle`).

    `extra` 3×3 layers without stride stand on the 4×4 map: 0 give a receptive field of 15 px, 2 of 47.
    """
    net = EarlyStrideCNN(widths=(16, 32, 64), extra=extra)
    pools: dict[str, list[nn.Module]] = {"gap": [nn.AdaptiveAvgPool2d(1)], "flatten": [], "shuffled": [Shuffle()]}
    return nn.Sequential(net.features, *pools[head], nn.Flatten(), nn.Linear(64 if head == "gap" else 64 * 16, 10))


HEADS = {
    "gap": ("gap", 0),
    "flatten": ("flatten", 0),
    "shuffled": ("shuffled", 0),
    "gap, deeper": ("gap", 2),
    "flatten, deeper": ("flatten", 2),
}


def study_head(seed: int, arm: str, length: float = 1, epochs: float = 8) -> dict[str, float]:
    """Train one head on one backbone, 32 px, mirrored and shifted: accuracy, and the field that the backbone uses."""
    train, test = cifar_tensors()
    torch.manual_seed(course_seed(seed))
    net = head_net(*HEADS[arm])
    sides = [used_field(net[0], test[0])]
    steps = math.ceil(length * epochs * len(train[1]) / 64)
    losses = fit(net, *train, steps=steps, augment=flip_and_shift, seed=course_seed(seed))
    sides.append(used_field(net[0], test[0]))
    return {
        "test": accuracy_of(net, *test),
        "train": accuracy_of(net, *train),
        "field_before": sides[0],
        "field_after": sides[1],
        "steps": steps,
        "falling": falling(losses),
    }


def used_field(backbone: nn.Module, images: torch.Tensor) -> int:
    """Side of the square that holds 90 % of the center unit's influence, on 64 mosaics of 2×2 images of 32 px."""
    tiles = images[:256].view(64, 2, 2, 3, 32, 32).permute(0, 3, 1, 4, 2, 5).reshape(64, 3, 64, 64)
    return effective_side(centre_gradient(backbone.eval(), 64, tiles))
