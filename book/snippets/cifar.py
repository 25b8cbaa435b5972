"""The course's CIFAR-10 images as tensors, at 32 px and at 16."""

import functools

import torch
import torch.nn.functional as F

from book.snippets.data import load_cifar10
from book.snippets.training import normalise

Pair = tuple[torch.Tensor, torch.Tensor]  # images (N, 3, H, W) in [-1, 1], labels (N,)


@functools.cache
def cifar_tensors(full: bool = False) -> tuple[Pair, Pair]:
    """CIFAR-10 at 32 px as (train, test), loaded once: the course's subset, or all of it when `full`."""
    train_split, test_split = load_cifar10(full=full)
    train, test = ((normalise(split.images), split.labels) for split in (train_split, test_split))
    return train, test


@functools.cache
def small_cifar() -> tuple[Pair, Pair]:
    """The course's subset of CIFAR-10 as (train, test), averaged down to 16 px: `(N, 3, 16, 16)` in [-1, 1]."""
    train, test = cifar_tensors()
    return (F.avg_pool2d(train[0], 2), train[1]), (F.avg_pool2d(test[0], 2), test[1])
