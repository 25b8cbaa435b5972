"""The multi-seed studies of chapter 7 on drawn images: sharing, held-out combinations, loss weights, conflict.

Every training is one cycle of the learning rate over its steps, so that 4 times the steps is a longer training and not
the same one continued. Test images are drawn anew for each seed: the spread over seeds includes the test set's own.
The study of conflict computes in float32, which takes half the time of float64; recomputed on another CPU, its rows
differ as another order of the images would make them differ.
"""

import torch

from book.snippets.seeds import course_seed
from book.snippets.training import falling
from book.snippets.two_tasks import (
    ARMS,
    PARTNERS,
    TaskImages,
    TwoTaskNet,
    both_accuracies,
    draw_task_images,
    fit_two_tasks,
    measure_conflict,
    on_diagonal,
    partner_labels,
)

SHARING_STEPS = 450  # of 32 images, whatever the training set's size: only the number of different images changes
CONFLICT_STEPS = 300  # of 32 images, at length 1
WATCHED_AT = (0.0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.25, 0.4, 0.6, 0.8, 1.0)  # shares of a training
N_TEST = 1000


def float_images(n: int, generator: torch.Generator) -> TaskImages:
    """`n` drawn images in float32."""
    drawn = draw_task_images(n, generator)
    return TaskImages(drawn.images.float(), *drawn.targets)


def draw_task_sets(seed: int, n: int, tests: int = N_TEST) -> tuple[torch.Generator, TaskImages, TaskImages]:
    """Seed torch, and draw `n` training and `tests` test images; the generator goes on to order the batches."""
    torch.manual_seed(course_seed(seed))
    generator = torch.Generator().manual_seed(course_seed(seed))
    return generator, draw_task_images(n, generator), draw_task_images(tests, generator)


def float_task_sets(seed: int, n: int, tests: int = N_TEST) -> tuple[torch.Generator, TaskImages, TaskImages]:
    """The same in float32."""
    torch.manual_seed(course_seed(seed))
    generator = torch.Generator().manual_seed(course_seed(seed))
    return generator, float_images(n, generator), float_images(tests, generator)


def study_sharing(seed: int, arm: str, images: int) -> dict[str, float]:
    """Train one of `ARMS` on so many images; accuracies in [0, 1] on 1,000 test images and on the training images."""
    generator, train, test = draw_task_sets(seed, images)
    net = TwoTaskNet(*ARMS[arm])
    fit_two_tasks(net, train, generator, steps=SHARING_STEPS)
    domain, category = both_accuracies(net, test)
    seen_domain, seen_category = both_accuracies(net, train)
    return {"domain": domain, "category": category, "train_domain": seen_domain, "train_category": seen_category}


def study_held_out(seed: int, arm: str) -> dict[str, float]:
    """Train without 4 of the 16 combinations; accuracies in [0, 1] on combinations that were seen and on the others."""
    generator, train, test = draw_task_sets(seed, 1365, tests=2000)
    train = train.where(~on_diagonal(train))  # about 1,024 images
    net = TwoTaskNet(*ARMS[arm])
    fit_two_tasks(net, train, generator, steps=SHARING_STEPS)
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


def study_conflict(seed: int, partner: str, length: int) -> dict[str, float | list[float]]:
    """Train the category beside one of `PARTNERS`; the two gradients compared on 256 images at the steps `watched`.

    `cosine` is over the backbone, `layer1` to `layer3` over each convolution; `first` and `second` are the lengths of
    the partner's and the category's gradient. `category` is the test accuracy at the end.
    """
    generator, train, test = float_task_sets(seed, 1024)
    train = partner_labels(partner, train, generator)
    net, opposed = TwoTaskNet(*ARMS["one backbone"]).float(), partner == "reversed"
    probe, seen = train.where(torch.arange(256)), []
    steps = CONFLICT_STEPS * length
    watched: list[float] = [round(steps * share) for share in WATCHED_AT]

    def watch(step: int) -> None:
        if step in watched:
            seen.append(measure_conflict(net, probe.images, probe.targets, reverse_domain=opposed))

    weights = (0.0 if partner == "none" else 1.0, 1.0)
    losses = fit_two_tasks(net, train, generator, steps=steps, weights=weights, reverse_domain=opposed, watch=watch)
    train_partner, train_category = both_accuracies(net, train)
    return {
        "steps": steps,
        "falling": falling(losses),
        "train_partner": train_partner,
        "train_category": train_category,
        "category": both_accuracies(net, test)[1],
        "watched": watched,
        "cosine": [each.cosine for each in seen],
        "layer1": [each.layers[0] for each in seen],
        "layer2": [each.layers[1] for each in seen],
        "layer3": [each.layers[2] for each in seen],
        "first": [each.norms[0] for each in seen],
        "second": [each.norms[1] for each in seen],
    }


def _mean(rows: list[dict[str, float]], metric: str, **where: object) -> float:
    """Mean of a metric over the rows with these settings."""
    chosen = [row[metric] for row in rows if all(row[key] == value for key, value in where.items())]
    return sum(chosen) / len(chosen)


def claims_conflict(rows: list[dict[str, float]]) -> dict[str, bool]:
    """What the chapter concludes from `study_conflict`: conclusion → whether rows of one length bear it out."""
    cost = {p: _mean(rows, "category", partner="none") - _mean(rows, "category", partner=p) for p in PARTNERS}
    return {
        "style costs the category 2 points or more": cost["style"] > 0.02,
        "random labels cost it less than 2 points": cost["random"] < 0.02,
        "the same task neither costs nor helps, within 2 points": abs(cost["same"]) < 0.02,
        "the reversed task costs it 2 points or more": cost["reversed"] > 0.02,
    }
