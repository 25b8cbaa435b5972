"""Chapter 6's probes: what frozen features are worth by depth, by resolution, and after a few steps of fine-tuning.

A probe is ridge regression on one-hot labels. Its strength is chosen by cross-validation on the training images alone,
so that many features and few images do not decide the result.
"""

import functools

import torch
import torch.nn.functional as F
from torch import nn

from book.snippets.data import load_cifar10
from book.snippets.seeds import seed_everything
from book.snippets.training import falling
from book.snippets.transfer import (
    HEAD_STEPS,
    Lite0Backbone,
    TransferNet,
    fine_tune,
    fit_head,
    head_accuracy,
    load_lite0,
    pick_balanced,
    pooled_features,
    pretrained_net,
    to_lite0,
)
from book.snippets.transfer_arms import set_trainable, transfer_photos
from book.snippets.transfer_strategies import CLASSES, picked, shared_net, task_sets

RIDGE_STRENGTHS = tuple(10.0**power for power in range(-5, 4))  # times the number of images
FOLDS = 5


def ridge_scores(
    seen: torch.Tensor, labels: torch.Tensor, unseen: torch.Tensor, num_classes: int
) -> list[torch.Tensor]:
    """Class scores `(M, K)` of `unseen` `(M, C)` for each of `RIDGE_STRENGTHS`, learned from `seen` `(N, C)`.

    Ridge regression in its dual form: with the centred kernel X Xᵀ, the scores are k (X Xᵀ + λN)⁻¹ Y.
    """
    centre = seen.mean(dim=0)
    x, z = (seen - centre).double(), (unseen - centre).double()
    scale = x.square().sum(dim=1).mean()  # one number for all features: their proportions stay
    targets = F.one_hot(labels, num_classes).double()
    mean = targets.mean(dim=0)
    values, vectors = torch.linalg.eigh(x @ x.T / scale)  # (N,), (N, N)
    turned, projected = vectors.T @ (targets - mean), (z @ x.T / scale) @ vectors  # (N, K), (M, N)
    return [
        projected @ (turned / (values.clamp(min=0) + strength * len(x)).unsqueeze(1)) + mean
        for strength in RIDGE_STRENGTHS
    ]


def ridge_probe(
    seen: torch.Tensor,
    labels: torch.Tensor,
    unseen: torch.Tensor,
    answers: torch.Tensor,
    num_classes: int,
    generator: torch.Generator,
) -> float:
    """Test accuracy, in [0, 1], of a ridge probe whose strength is chosen by 5-fold cross-validation on `seen`."""
    right = torch.zeros(len(RIDGE_STRENGTHS))
    for held_out in torch.randperm(len(labels), generator=generator).chunk(FOLDS):
        kept = torch.ones(len(labels), dtype=torch.bool)
        kept[held_out] = False
        scores = ridge_scores(seen[kept], labels[kept], seen[held_out], num_classes)
        right += torch.tensor([float((s.argmax(1) == labels[held_out]).sum()) for s in scores])
    best = int(right.argmax())
    answered = ridge_scores(seen, labels, unseen, num_classes)[best].argmax(1)
    return (answered == answers).float().mean().item()


@functools.cache
def depth_features(task: str, split: str) -> list[torch.Tensor]:
    """`features_by_depth` of one task's images, computed once."""
    return features_by_depth(shared_net().backbone, task_sets(task)[split].images)


@torch.no_grad()
def features_by_depth(backbone: nn.Module, images: torch.Tensor, batch: int = 16) -> list[torch.Tensor]:
    """GAP of the map after the stem, after each of the 16 blocks and after the last convolution.

    uint8 images `(N, 3, S, S)` to 18 tensors `(N, C)`, C from 32 to 1280.
    """
    names = ("stem", *(f"blocks.{i}" for i in range(16)), "last")
    parts = [backbone.get_submodule(name) for name in names]
    found: list[list[torch.Tensor]] = [[] for _ in parts]
    for some in images.split(batch):
        x = to_lite0(some)  # (B, 3, S, S)
        for part, kept in zip(parts, found, strict=True):
            x = part(x)
            kept.append(x.mean(dim=(2, 3)))
    return [torch.cat(kept) for kept in found]


def run_depth(seed: int, task: str, images: int) -> dict[str, float | list[float]]:
    """Ridge probes by depth: 18 test accuracies on features as they are, and with each scaled to variance 1."""
    generator = seed_everything(seed)
    chosen, labels = picked(task, images, generator)
    answers = task_sets(task)["test"].labels
    plain, scaled = [], []
    for pool, unseen in zip(depth_features(task, "train"), depth_features(task, "test"), strict=True):
        seen = pool[chosen]
        std = seen.std(dim=0) + 1e-6  # (C,)
        plain.append(ridge_probe(seen, labels, unseen, answers, CLASSES[task], generator))
        scaled.append(ridge_probe(seen / std, labels, unseen / std, answers, CLASSES[task], generator))
    return {"accuracy": plain, "scaled": scaled, "n_test": len(answers)}


LEARNED_AT = 224  # px, the size of the images that the backbone was trained on


@functools.cache
def photo_features(size: int, enlarged: bool, split: str) -> torch.Tensor:
    """Feature vectors of the photographs at `size` px, `(N, 1280)`, computed once; where they are `enlarged`, of the
    same pixels stretched to `LEARNED_AT`, which shows objects as large as the backbone knows them and adds no detail.
    """
    images = transfer_photos(size)[split].images
    if enlarged and size != LEARNED_AT:
        side = (LEARNED_AT, LEARNED_AT)
        parts = [F.interpolate(some.float(), side, mode="bilinear", align_corners=False) for some in images.split(50)]
        images = torch.cat([part.round().to(torch.uint8) for part in parts])
    return pooled_features(shared_net().backbone, images, batch=8)


def run_resolution(seed: int, size: int, enlarged: bool, images: int, length: float = 1) -> dict[str, float]:
    """A head on cached features of photographs at `size` px, `enlarged` or not, in training and in the test alike."""
    generator = seed_everything(seed)
    chosen, labels = picked("photos", images, generator)
    seen, losses = photo_features(size, enlarged, "train")[chosen], list[float]()
    steps = round(HEAD_STEPS * length)
    head = fit_head(seen, labels, 2, steps=steps, losses=losses)
    test = photo_features(size, enlarged, "test")
    return {
        "accuracy": head_accuracy(head, test, transfer_photos(size)["test"].labels),
        "train": head_accuracy(head, seen, labels),
        "falling": falling(losses),
        "steps": steps,
        "n_test": len(test),
    }


FORGETTING_STEPS = 6  # of 16 images
OTHER_IMAGES = 400  # of CIFAR-10, to train and to test a probe


@functools.cache
def other_sets() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """CIFAR-10, a task that nobody trains here: 400 training and 400 test images at 96 px, and their labels."""
    found = []
    generator = torch.Generator().manual_seed(0)
    for split in load_cifar10():
        chosen = pick_balanced(split.labels, OTHER_IMAGES, generator)
        large = F.interpolate(split.images[chosen].float(), scale_factor=3.0, mode="bilinear", align_corners=False)
        found += [large.round().to(torch.uint8), split.labels[chosen]]
    return found[0], found[1], found[2], found[3]


def run_forgetting(seed: int, backbone: str) -> dict[str, float]:
    """What six steps of full fine-tuning on 100 photographs leave of the features, by the rate of the backbone.

    `backbone` is a rate, `untouched`, or `random` (never trained at all). `kept` is the share of test photographs to
    which the untouched ImageNet head gives the same of its 1,000 answers as before; `photos` and `other` are the
    accuracies of fresh ridge probes on the photographs and on CIFAR-10.
    """
    generator = seed_everything(seed)
    chosen, labels = picked("photos", 100, generator)
    images, test = transfer_photos()["train"].images[chosen], transfer_photos()["test"]
    lite0 = load_lite0()
    before = lite0.get_submodule("_fc")(photo_features(96, "test")).argmax(dim=1)  # (400,)
    steps = FORGETTING_STEPS
    losses = [1.0]
    net = pretrained_net(2)
    if backbone == "random":
        net = TransferNet(Lite0Backbone(load_lite0(pretrained=False)), 2).eval()
    elif backbone != "untouched":
        net, rate = set_trainable(net, "full"), float(backbone)
        losses = fine_tune(net, images, labels, steps=steps, backbone_lr=rate, head_lr=1e-2, generator=generator)
    net.eval()
    seen, unseen = pooled_features(net.backbone, images), pooled_features(net.backbone, test.images)
    known, known_labels, new, new_labels = other_sets()
    other_seen, other_unseen = pooled_features(net.backbone, known), pooled_features(net.backbone, new)
    return {
        "kept": (lite0.get_submodule("_fc")(unseen).argmax(dim=1) == before).float().mean().item(),
        "photos": ridge_probe(seen, labels, unseen, test.labels, 2, generator),
        "other": ridge_probe(other_seen, known_labels, other_unseen, new_labels, 10, generator),
        "train": head_accuracy(net.head, seen, labels),
        "loss": losses[-1],
        "steps": steps,
        "n_test": len(test),
    }
