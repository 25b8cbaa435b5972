"""The experiments of ch03: two training recipes, three ways to shrink a map, two heads."""

import functools
from typing import Any

import torch
from torch import nn

from book.snippets.data import load_cifar10
from book.snippets.modern_cnn import EarlyStrideCNN, ModernGAPCNN
from book.snippets.seeds import course_seed
from book.snippets.training import History, accuracy_of, flip_and_shift, normalise, train

Pair = tuple[torch.Tensor, torch.Tensor]  # images (N, 3, 32, 32) in [-1, 1], labels (N,)


@functools.cache
def cifar_tensors(full: bool = False, device: str = "cpu") -> tuple[Pair, Pair]:
    """CIFAR-10 as (train, test), loaded once: the course's subset, or all of it when `full`."""
    train_split, test_split = load_cifar10(full=full)
    pairs = [(normalise(split.images).to(device), split.labels.to(device)) for split in (train_split, test_split)]
    return pairs[0], pairs[1]


def run_recipe(name: str, epochs: int, seed: int = 0, *, full: bool = False, device: str = "cpu") -> History:
    """Train on CIFAR-10 by the source's recipe or by the better one; by default on the course's subset and the CPU."""
    (images, labels), test = cifar_tensors(full, device)
    torch.manual_seed(course_seed(seed))
    common: dict[str, Any] = {"epochs": epochs, "lr": 0.01, "test": test, "seed": course_seed(seed)}
    if name == "source":  # Adam, learning rate 0.01, batches of 16
        return train(ModernGAPCNN().to(device), images, labels, batch_size=16, **common)
    fast = EarlyStrideCNN().to(device)
    fast.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    images = images.contiguous(memory_format=torch.channels_last)
    return train(fast, images, labels, batch_size=64, one_cycle=True, weight_decay=5e-4, augment=flip_only, **common)


def flip_only(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Mirror half of the images, `(N, 3, H, W)` to the same."""
    mirrored = (torch.rand(len(images), generator=generator) < 0.5).to(images.device)
    return torch.where(mirrored.view(-1, 1, 1, 1), images.flip(3), images)


def study_recipe(seed: int, recipe: str) -> dict[str, list[float]]:
    """One run of the race: 8 epochs of the source's recipe, or the better one's whole cycle of 4."""
    history = run_recipe(recipe, epochs=8 if recipe == "source" else 4, seed=seed)
    return {"seconds": history.seconds, "accuracy": history.test_accuracy}


def downsampling_net(kind: str, widths: tuple[int, ...]) -> nn.Sequential:
    """Three blocks that each halve the map, by `max`, `average` or `stride`, then GAP and a linear layer."""
    layers: list[nn.Module] = []
    for c_in, c_out in zip((3, *widths), widths, strict=False):
        layers += [nn.Conv2d(c_in, c_out, 3, stride=2 if kind == "stride" else 1, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(c_out), nn.ReLU()]
        if kind != "stride":
            layers += [nn.MaxPool2d(2) if kind == "max" else nn.AvgPool2d(2)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], 10))


DOWNSAMPLING_ARMS = {
    "max": ("max", (16, 32, 64)),
    "average": ("average", (16, 32, 64)),
    "stride, equal parameters": ("stride", (16, 32, 64)),
    "stride, equal compute": ("stride", (33, 66, 132)),
}


def study_downsampling(seed: int, arm: str, epochs: int = 6) -> dict[str, float]:
    """Train one arm on the CIFAR-10 subset; final train and test accuracy, CPU seconds."""
    (images, labels), test = cifar_tensors()
    torch.manual_seed(course_seed(seed))
    net = downsampling_net(*DOWNSAMPLING_ARMS[arm])
    common: dict[str, Any] = {"one_cycle": True, "weight_decay": 5e-4, "augment": flip_only, "seed": course_seed(seed)}
    history = train(net, images, labels, epochs=epochs, batch_size=64, lr=0.01, **common)
    seen = slice(0, 1000)  # part of the training set is enough to see how well it was fitted
    return {
        "test": accuracy_of(net, *test),
        "train": accuracy_of(net, images[seen], labels[seen]),
        "seconds": history.seconds[-1],
    }


def study_head(seed: int, head: str, augmented: bool, epochs: int = 10) -> dict[str, float]:
    """The same backbone under a GAP or a flatten head, with or without augmentation: train and test accuracy."""
    (images, labels), test = cifar_tensors()
    torch.manual_seed(course_seed(seed))
    net = EarlyStrideCNN(flatten=16 if head == "flatten" else 0)
    augment = flip_and_shift if augmented else None
    common: dict[str, Any] = {"one_cycle": True, "weight_decay": 5e-4, "augment": augment, "seed": course_seed(seed)}
    train(net, images, labels, epochs=epochs, batch_size=64, lr=0.01, **common)
    seen = slice(0, 1000)
    return {"test": accuracy_of(net, *test), "train": accuracy_of(net, images[seen], labels[seen])}
