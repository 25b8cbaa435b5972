"""Chapter 6's studies of a frozen backbone: fed with other constants, and left in train mode."""

import functools

import torch
from torch import nn

from book.snippets.seeds import seed_everything
from book.snippets.training import falling
from book.snippets.transfer import (
    HEAD_STEPS,
    fine_tune,
    fit_head,
    head_accuracy,
    net_accuracy,
    pooled_features,
    pretrained_net,
)
from book.snippets.transfer_arms import photo_sets
from book.snippets.transfer_norm import NORMALISATIONS, WATCHED_STEPS, drift, freeze_with, running_statistics
from book.snippets.transfer_strategies import CLASSES, picked, shared_net, task_sets

TrapRow = dict[str, float | list[float]]


@functools.cache
@torch.no_grad()
def features_under(name: str, split: str) -> torch.Tensor:
    """Feature vectors `(N, 1280)` of the photographs, normalised by one entry of `NORMALISATIONS`; computed once."""
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in NORMALISATIONS[name])
    backbone = shared_net().backbone
    found = []
    for some in task_sets("photos")[split].images.split(16):
        x = ((some.float() - mean) / std).contiguous(memory_format=torch.channels_last)  # (B, 3, 96, 96)
        found.append(backbone(x).mean(dim=(2, 3)))
    return torch.cat(found)


def run_normalisation(seed: int, constants: str, images: int, length: int = 1) -> TrapRow:
    """A head on cached features of photographs, those of the training and of the test under one pair of constants."""
    generator = seed_everything(seed)
    chosen, labels = picked("photos", images, generator)
    seen, losses = features_under(constants, "train")[chosen], list[float]()
    steps = round(HEAD_STEPS * length)
    head = fit_head(seen, labels, 2, steps=steps, losses=losses)
    test = features_under(constants, "test")
    return {
        "accuracy": head_accuracy(head, test, task_sets("photos")["test"].labels),
        "train": head_accuracy(head, seen, labels),
        "falling": falling(losses),
        "steps": steps,
        "n_test": len(test),
    }


def run_frozen_norm(seed: int, task: str, momentum: float, length: int = 1) -> TrapRow:
    """Train a new head on a frozen backbone in train mode, while an old head for photographs looks on.

    `task` is what the new head learns: the `photos` of the old head, or `drawings`. Momentum 0 is the fix: the
    backbone in eval mode. Reports after `WATCHED_STEPS` times `length` steps of 8 images how far the statistics have
    drifted and what the old head, which nobody touches, still gets right; at the end the new head's accuracies in eval
    mode on its training and its test images.
    """
    generator = seed_everything(seed)
    photos, test = photo_sets(generator)
    net = freeze_with(pretrained_net(2), momentum)
    old_head = fit_head(pooled_features(net.backbone, photos.images), photos.labels, 2)
    images, labels, new, answers = photos.images, photos.labels, test.images, test.labels
    if task == "drawings":
        chosen, labels = picked(task, 100, generator)
        images = task_sets(task)["train"].images[chosen]
        new, answers = task_sets(task)["test"].images[:200], task_sets(task)["test"].labels[:200]
        net.head = nn.Linear(net.head.in_features, CLASSES[task])
    start = running_statistics(net.backbone)
    drifts, old_accuracies = [], []

    def watch(step: int) -> None:
        if step % length == 0 and step // length in WATCHED_STEPS:
            drifts.append(sum(drift(start, running_statistics(net.backbone))) / len(start))
            net.eval()
            old_accuracies.append(head_accuracy(old_head, pooled_features(net.backbone, test.images), test.labels))
            net.train(momentum > 0)

    steps = WATCHED_STEPS[-1] * length
    losses = fine_tune(
        net,
        images,
        labels,
        steps=steps,
        batch=8,
        backbone_lr=0.0,
        head_lr=1e-2,
        generator=generator,
        batch_statistics=momentum > 0,
        watch=watch,
    )
    return {
        "drift": drifts,
        "old": old_accuracies,
        "new": net_accuracy(net, new, answers),
        "train": net_accuracy(net, images, labels),
        "falling": falling(losses),
        "steps": steps,
        "n_test": len(answers),
    }
