"""Chapter 7's ablation on real images: PACS, 4 domains × 7 categories, 48 px, trained from scratch."""

import functools

import torch

from book.snippets.data import PACS_CATEGORIES, PACS_DOMAINS, Split, load_pacs
from book.snippets.seeds import course_seed
from book.snippets.two_tasks import (
    ARMS,
    TaskImages,
    TwoTaskNet,
    both_accuracies,
    fit_two_tasks,
    measure_conflict,
)

PACS_SIDE = 48  # pixels
PACS_STEPS = 400  # of 32 images: each of the 1,400 training images 9 times
PACS_WATCHED = (0, 50, 100, 200, 300, 400)


@functools.cache
def pacs_tasks() -> tuple[TaskImages, TaskImages]:
    """PACS for training and testing, 1,400 and 560 images in [0, 1]."""
    splits = load_pacs(PACS_SIDE)

    def tasks(split: Split) -> TaskImages:
        if split.domains is None:
            raise ValueError("these PACS images carry no domains, so one task has no labels; load them by load_pacs")
        return TaskImages(split.images.double() / 255, split.domains, split.labels)

    return tasks(splits["train"]), tasks(splits["test"])


def study_pacs(seed: int, arm: str) -> dict[str, float | list[float]]:
    """Train one of `ARMS`, or `category alone`: one backbone whose domain loss weighs nothing.

    Test accuracies in [0, 1]; `cosine` is that of the two gradients at `PACS_WATCHED` where one backbone serves both.
    """
    train, test = pacs_tasks()
    torch.manual_seed(course_seed(seed))
    generator = torch.Generator().manual_seed(course_seed(seed))
    probe = train.where(torch.randperm(len(train), generator=generator)[:256])
    alone = arm == "category alone"
    sharing, widths = ARMS["one backbone" if alone else arm]
    net = TwoTaskNet(sharing, widths, (len(PACS_DOMAINS), len(PACS_CATEGORIES)))
    cosines = []

    def watch(step: int) -> None:
        if arm == "one backbone" and step in PACS_WATCHED:
            cosines.append(measure_conflict(net, probe.images, probe.targets).cosine)

    fit_two_tasks(net, train, generator, steps=PACS_STEPS, weights=(0.0 if alone else 1.0, 1.0), watch=watch)
    domain, category = both_accuracies(net, test)
    return {"domain": domain, "category": category, "cosine": cosines}
