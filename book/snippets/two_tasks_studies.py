"""The multi-seed studies of chapter 7 on drawn images: sharing, held-out combinations, loss weights, conflict."""

import torch

from book.snippets.seeds import course_seed
from book.snippets.shapes import SHAPE_CLASSES
from book.snippets.two_tasks import (
    ARMS,
    TaskImages,
    TwoTaskNet,
    both_accuracies,
    draw_task_images,
    fit_two_tasks,
    measure_conflict,
    on_diagonal,
)

SHARING_STEPS = 450  # of 32 images, whatever the training set's size: only the number of different images changes
WATCHED_STEPS = (0, 10, 20, 40, 70, 100, 150, 200, 250, 300)
PARTNERS = ("none", "same", "style", "random", "reversed")


def draw_task_sets(seed: int, n: int, tests: int = 1000) -> tuple[torch.Generator, TaskImages, TaskImages]:
    """Seed torch, and draw `n` training and `tests` test images; the generator goes on to order the batches."""
    torch.manual_seed(course_seed(seed))
    generator = torch.Generator().manual_seed(course_seed(seed))
    return generator, draw_task_images(n, generator), draw_task_images(tests, generator)


def study_sharing(seed: int, arm: str, images: int) -> dict[str, float]:
    """Train one of `ARMS` on so many images; accuracies in [0, 1] on 1,000 test images and on the training images."""
    generator, train, test = draw_task_sets(seed, images)
    net = fit_two_tasks(TwoTaskNet(*ARMS[arm]), train, generator, steps=SHARING_STEPS)
    domain, category = both_accuracies(net, test)
    seen_domain, seen_category = both_accuracies(net, train)
    return {"domain": domain, "category": category, "train_domain": seen_domain, "train_category": seen_category}


def study_held_out(seed: int, arm: str) -> dict[str, float]:
    """Train without 4 of the 16 combinations; accuracies in [0, 1] on combinations that were seen and on the others."""
    generator, train, test = draw_task_sets(seed, 1365, tests=2000)
    train = train.where(~on_diagonal(train))  # about 1,024 images
    net = fit_two_tasks(TwoTaskNet(*ARMS[arm]), train, generator, steps=SHARING_STEPS)
    new = on_diagonal(test)
    domain, category = both_accuracies(net, test.where(~new))
    new_domain, new_category = both_accuracies(net, test.where(new))
    return {"domain": domain, "category": category, "new_domain": new_domain, "new_category": new_category}


def study_weights(seed: int, weight: float) -> dict[str, float]:
    """One backbone, the domain's loss times `weight`, the category's times 1 - `weight`; test accuracies in [0, 1]."""
    generator, train, test = draw_task_sets(seed, 1024)
    net = TwoTaskNet(*ARMS["one backbone"])
    fit_two_tasks(net, train, generator, steps=300, weights=(weight, 1 - weight))
    domain, category = both_accuracies(net, test)
    return {"domain": domain, "category": category}


def partner_labels(partner: str, data: TaskImages, generator: torch.Generator) -> TaskImages:
    """`data` with other labels for the first head: the second task that joins the category on one backbone.

    `style` leaves the domains as they are; `same` and `reversed` ask for the category once more (the latter's gradient
    is to be reversed, so that the backbone must withhold it); `random` means nothing; `none` will weigh nothing.
    """
    if partner == "style":
        return data
    draw = torch.randint(len(SHAPE_CLASSES), data.categories.shape, generator=generator)
    return TaskImages(data.images, draw if partner == "random" else data.categories, data.categories)


def study_conflict(seed: int, partner: str) -> dict[str, float | list[float]]:
    """Train the category beside one of `PARTNERS`; the two gradients compared at `WATCHED_STEPS`, on 256 images.

    `cosine` is over the backbone, `layer1` to `layer3` over each convolution; `first` and `second` are the lengths of
    the partner's and the category's gradient. `category` is the test accuracy at the end.
    """
    generator, train, test = draw_task_sets(seed, 1024)
    train = partner_labels(partner, train, generator)
    net, opposed = TwoTaskNet(*ARMS["one backbone"]), partner == "reversed"
    probe, seen = train.where(torch.arange(256)), []

    def watch(step: int) -> None:
        if step in WATCHED_STEPS:
            seen.append(measure_conflict(net, probe.images, probe.targets, reverse_domain=opposed))

    weights = (0.0 if partner == "none" else 1.0, 1.0)
    fit_two_tasks(net, train, generator, steps=300, weights=weights, reverse_domain=opposed, watch=watch)
    return {
        "cosine": [each.cosine for each in seen],
        "layer1": [each.layers[0] for each in seen],
        "layer2": [each.layers[1] for each in seen],
        "layer3": [each.layers[2] for each in seen],
        "first": [each.norms[0] for each in seen],
        "second": [each.norms[1] for each in seen],
        "category": both_accuracies(net, test)[1],
    }
