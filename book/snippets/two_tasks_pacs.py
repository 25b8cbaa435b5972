"""Chapter 7's ablation on real images: PACS, 4 domains × 7 categories, backbones pretrained on ImageNet.

All of EfficientNet-Lite0 below its last convolution is frozen, so its feature maps are computed once. That last
convolution, 320 to 1,280 channels, is the part of the backbone that is fine-tuned, once or twice.
"""

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from book.snippets.data import PACS_CATEGORIES, PACS_DOMAINS, Split, load_pacs
from book.snippets.seeds import course_seed
from book.snippets.training import falling
from book.snippets.transfer import LITE0_CHANNELS, load_lite0, to_lite0
from book.snippets.two_tasks import (
    TaskImages,
    TwoTaskNet,
    both_accuracies,
    measure_conflict,
    task_losses,
    weighted_total,
)

PACS_SIDE = 96  # pixels
PACS_STEPS = 300  # of 32 images: each of the 1,400 training images 7 times
PACS_RATE = 3e-3  # of 3e-4, 1e-3, 3e-3 and 1e-2 the best on the validation images, both tasks together
PACS_WATCHED_AT = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)  # shares of a training
# how the tasks share, the weight of the domain's loss, and whether the last convolution is trained
PACS_ARMS = {
    "frozen": ("one", 1.0, False),
    "category alone": ("one", 0.0, True),
    "one backbone": ("one", 1.0, True),
    "two separate": ("separate", 1.0, True),
    "two concatenated": ("concatenated", 1.0, True),
}


@functools.cache
def pretrained_lite0() -> Any:
    """The pretrained network, loaded once."""
    return load_lite0()


def pretrained_top() -> nn.Sequential:
    """Lite0's last convolution, its batch normalisation folded in, and ReLU6: `(N, 320, h, w)` to `(N, 1280, h, w)`.

    Folded, there are no running statistics that fine-tuning could spoil.
    """
    lite0 = pretrained_lite0()
    return nn.Sequential(fuse_conv_bn_eval(lite0._conv_head, lite0._bn1), nn.ReLU6())


@functools.cache
def pacs_maps() -> dict[str, TaskImages]:
    """PACS by split, 1,400, 280 and 560 images, each as the 320 maps of 3×3 that enter the last convolution."""
    lite0 = pretrained_lite0()
    below = nn.Sequential(lite0._conv_stem, lite0._bn0, nn.ReLU6(), *lite0._blocks).eval()

    def maps_of(split: Split) -> TaskImages:
        if split.domains is None:
            raise ValueError("these PACS images carry no domains, so one task has no labels; load them by load_pacs")
        with torch.no_grad():
            maps = torch.cat([below(to_lite0(part)) for part in split.images.split(100)])  # (N, 320, 3, 3)
        return TaskImages(maps, split.domains, split.labels)

    return {name: maps_of(split) for name, split in load_pacs(PACS_SIDE).items()}


class PretrainedTwoTaskNet(TwoTaskNet):
    """`TwoTaskNet` whose backbones are Lite0's last convolutions: maps `(N, 320, h, w)` to two tensors of logits."""

    def __init__(self, sharing: str) -> None:
        super().__init__(sharing, (LITE0_CHANNELS,), (len(PACS_DOMAINS), len(PACS_CATEGORIES)))
        self.backbones = nn.ModuleList(pretrained_top() for _ in self.backbones)
        self.float()

    def features(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        pooled = [top(images).mean(dim=(2, 3)) for top in self.backbones]  # (N, 1280) each
        if self.sharing == "concatenated":
            pooled = [torch.cat(pooled, dim=1)]  # (N, 2560)
        return pooled[0], pooled[-1]


def fine_tune_two_tasks(
    net: PretrainedTwoTaskNet,
    data: TaskImages,
    generator: torch.Generator,
    *,
    steps: int,
    weights: tuple[float, float],
    rate: float,
    watch: Callable[[int], None],
) -> list[float]:
    """As `fit_two_tasks` trains the small networks, at a `rate` for pretrained weights; the loss of each step."""
    optimizer = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    seen = []
    for step in range(steps):
        watch(step)
        batch = data.where(torch.randint(len(data), (32,), generator=generator))
        total = weighted_total(task_losses(net, batch.images, batch.targets), weights)
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        schedule.step()
        seen.append(total.item())
    watch(steps)
    return seen


def study_pacs(seed: int, arm: str, length: int, rate: float = PACS_RATE) -> dict[str, float | list[float]]:
    """Train one of `PACS_ARMS`; accuracies in [0, 1] on test, validation and training images.

    `cosine` is that of the two gradients at `PACS_WATCHED_AT` where one backbone serves both.
    """
    data = pacs_maps()
    train = data["train"]
    torch.manual_seed(course_seed(seed))
    generator = torch.Generator().manual_seed(course_seed(seed))
    probe = train.where(torch.randperm(len(train), generator=generator)[:256])
    sharing, weight, tuned = PACS_ARMS[arm]
    net = PretrainedTwoTaskNet(sharing)
    net.backbones.requires_grad_(tuned)
    steps = PACS_STEPS * length
    watched = [round(steps * share) for share in PACS_WATCHED_AT] if arm == "one backbone" else []
    cosines = []

    def watch(step: int) -> None:
        if step in watched:
            cosines.append(measure_conflict(net, probe.images, probe.targets).cosine)

    losses = fine_tune_two_tasks(net, train, generator, steps=steps, weights=(weight, 1.0), rate=rate, watch=watch)
    (domain, category), (val_domain, val_category), (train_domain, train_category) = (
        both_accuracies(net, data[name]) for name in ("test", "validation", "train")
    )
    return {
        "steps": steps,
        "falling": falling(losses),
        "train_domain": train_domain,
        "train_category": train_category,
        "domain": domain,
        "category": category,
        "val_domain": val_domain,
        "val_category": val_category,
        "cosine": cosines,
        "n_test": len(data["test"]),
    }


def claims_pacs(rows: list[dict]) -> dict[str, bool]:
    """What the chapter concludes from `study_pacs`, for rows of one length."""
    category = {arm: [row["category"] for row in rows if row["arm"] == arm] for arm in PACS_ARMS}
    means = [sum(shares) / len(shares) for shares in category.values()]
    share = sum(means) / len(means)
    luck = 1.96 * (2 * share * (1 - share) / rows[0]["n_test"]) ** 0.5  # of two independent sets of test images
    return {
        "no two designs differ in the category by more than the luck of the test images": max(means) - min(means)
        < luck,
        "the two gradients stay at a right angle": all(abs(cosine) < 0.1 for row in rows for cosine in row["cosine"]),
        "the training images' categories are known, those of new images far less": all(
            row["train_category"] > row["category"] + 0.1 for row in rows
        ),
    }
