"""The multi-seed studies of chapter 7 on drawn images: sharing, held-out combinations, loss weights, conflict.

Every training is one cycle of the learning rate over its steps, so that 4 times the steps is a longer training and not
the same one continued. Test images are drawn anew for each seed: the spread over seeds includes the test set's own.
Studies compute in float32, which takes half the time of the live chapter's float64; a row that is recomputed on another
CPU differs as another order of the images would make it differ.
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

SHARING_STEPS = {128: 200, 2048: 600}  # of 32 images, by the number of different ones; at length 1
HELD_OUT_STEPS = 450  # of 32 images, at length 1
CONFLICT_STEPS = 300  # the same
WATCHED_AT = (0.0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.25, 0.4, 0.6, 0.8, 1.0)  # shares of a training
N_TEST = 1000


def float_images(n: int, generator: torch.Generator) -> TaskImages:
    """`n` drawn images in float32."""
    drawn = draw_task_images(n, generator)
    return TaskImages(drawn.images.float(), *drawn.targets)


def float_task_sets(seed: int, n: int, tests: int = N_TEST) -> tuple[torch.Generator, TaskImages, TaskImages]:
    """Seed torch, and draw `n` training and `tests` test images; the generator goes on to order the batches."""
    torch.manual_seed(course_seed(seed))
    generator = torch.Generator().manual_seed(course_seed(seed))
    return generator, float_images(n, generator), float_images(tests, generator)


def train_and_score(
    net: TwoTaskNet,
    train: TaskImages,
    test: TaskImages,
    generator: torch.Generator,
    steps: int,
    weights: tuple[float, float] = (1.0, 1.0),
) -> dict[str, float]:
    """Train; accuracies in [0, 1] on the test and on the training images, and what the training loss still fell by."""
    losses = fit_two_tasks(net.float(), train, generator, steps=steps, weights=weights)
    domain, category = both_accuracies(net, test)
    seen_domain, seen_category = both_accuracies(net, train)
    return {
        "steps": steps,
        "falling": falling(losses),
        "train_domain": seen_domain,
        "train_category": seen_category,
        "domain": domain,
        "category": category,
    }


def study_sharing(seed: int, arm: str, images: int, length: float) -> dict[str, float]:
    """One of `ARMS` on so many training images."""
    generator, train, test = float_task_sets(seed, images)
    return train_and_score(TwoTaskNet(*ARMS[arm]), train, test, generator, round(SHARING_STEPS[images] * length))


def study_held_out(seed: int, arm: str, length: int) -> dict[str, float]:
    """Train without 4 of the 16 combinations; test on combinations that were seen, and on the others (`new_…`)."""
    generator, train, test = float_task_sets(seed, 1365, tests=2 * N_TEST)
    train = train.where(~on_diagonal(train))  # about 1,024 images
    net, new = TwoTaskNet(*ARMS[arm]), on_diagonal(test)
    scores = train_and_score(net, train, test.where(~new), generator, HELD_OUT_STEPS * length)
    new_domain, new_category = both_accuracies(net, test.where(new))
    return scores | {"new_domain": new_domain, "new_category": new_category}


def study_weights(seed: int, weight: float, length: int) -> dict[str, float]:
    """One backbone, the domain's loss times `weight`, the category's times 1 - `weight`.

    `val_domain` and `val_category` are accuracies on validation images, by which a weight may be chosen.
    """
    generator, train, test = float_task_sets(seed, 1024)
    validation = float_images(N_TEST, torch.Generator().manual_seed(course_seed(seed) + 500))
    net = TwoTaskNet(*ARMS["one backbone"])
    scores = train_and_score(net, train, test, generator, CONFLICT_STEPS * length, (weight, 1 - weight))
    val_domain, val_category = both_accuracies(net, validation)
    return scores | {"val_domain": val_domain, "val_category": val_category}


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


def claims_sharing(rows: list[dict[str, float]]) -> dict[str, bool]:
    """What the chapter concludes from `study_sharing` with 128 images, for rows of one length."""
    domain, category = ({arm: _mean(rows, task, arm=arm) for arm in list(ARMS)[:4]} for task in ("domain", "category"))
    separate, shared, wide = "two separate", "two concatenated", "two separate, double"
    return {
        "sharing helps the category by 2 points or more": category[shared] - category[separate] > 0.02,
        "sharing costs the domain 1 point or more": domain[separate] - domain[shared] > 0.01,
        "width alone helps the category by 2 points or more": category[wide] - category[separate] > 0.02,
    }


def claims_size(rows: list[dict[str, float]]) -> dict[str, bool]:
    """What the chapter concludes from `study_sharing` with 2,048 images, for rows of one length."""
    one, wide, joined = "one backbone", "two separate, double", "two concatenated, double"
    category = {arm: _mean(rows, "category", arm=arm) for arm in (one, wide, joined)}
    return {
        "twice the size brings the category less than 3 points": category[joined] - category[one] < 0.03,
        "the two double networks are within 2 points": abs(category[joined] - category[wide]) < 0.02,
    }


def claims_held_out(rows: list[dict[str, float]]) -> dict[str, bool]:
    """What the chapter concludes from `study_held_out`, for rows of one length."""
    domain, category = (
        {arm: _mean(rows, task, arm=arm) for arm in list(ARMS)[:3]} for task in ("new_domain", "new_category")
    )
    shared = ("one backbone", "two concatenated")
    return {
        "sharing costs the domain of new combinations 3 points or more": all(
            domain["two separate"] - domain[arm] > 0.03 for arm in shared
        ),
        "sharing costs the category of new combinations 3 points or more": all(
            category["two separate"] - category[arm] > 0.03 for arm in shared
        ),
        "with sharing the category of new combinations is below chance (under 20%)": all(
            category[arm] < 0.2 for arm in shared
        ),
    }


def claims_weights(rows: list[dict[str, float]]) -> dict[str, bool]:
    """What the chapter concludes from `study_weights`, for rows of one length."""
    category = {weight: _mean(rows, "category", weight=weight) for weight in (0.2, 0.5, 0.8)}
    return {
        "equal weights cost the category 2 points or more": category[0.2] - category[0.5] > 0.02,
        "a weight of 0.8 costs the category 10 points or more": category[0.2] - category[0.8] > 0.1,
        "the domain needs no more than a weight of 0.2": _mean(rows, "domain", weight=0.2) > 0.95,
    }


def claims_conflict(rows: list[dict[str, float]]) -> dict[str, bool]:
    """What the chapter concludes from `study_conflict`, for rows of one length."""
    cost = {p: _mean(rows, "category", partner="none") - _mean(rows, "category", partner=p) for p in PARTNERS}
    return {
        "style costs the category 2 points or more": cost["style"] > 0.02,
        "random labels cost it less than 2 points": cost["random"] < 0.02,
        "the same task neither costs nor helps, within 2 points": abs(cost["same"]) < 0.02,
        "the reversed task costs it 2 points or more": cost["reversed"] > 0.02,
    }
