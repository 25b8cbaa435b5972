"""Chapter 6's trap over several seeds: what training a new head does to a frozen backbone left in
training mode.
"""

import functools
from typing import Any

from torch import nn

from book.snippets.seeds import seed_everything
from book.snippets.training import falling
from book.snippets.transfer import (
    fine_tune,
    fit_head,
    head_accuracy,
    net_accuracy,
    pooled_features,
    pretrained_net,
)
from book.snippets.transfer_norm import drift, freeze_with, running_statistics
from book.snippets.transfer_strategies import (
    CLASSES,
    Row,
    cached_outputs,
    picked,
    shared_net,
    task_sets,
)

FROZEN_IMAGES = 100  # photographs of the old head, drawings of the new one
FROZEN_STEPS = 40  # of 8 drawings


@functools.cache
def old_head(seed: int) -> nn.Linear:
    """A head for cats and dogs on cached features of 100 photographs, which nobody touches
    afterward.
    """
    generator = seed_everything(seed)
    chosen, labels = picked("photos", FROZEN_IMAGES, generator)
    features = cached_outputs("photos", "train", 0, lower=False)[chosen, 0]
    return fit_head(features, labels, CLASSES["photos"])


def run_frozen(seed: int, mode: str, length: float = 1) -> Row:
    """A new head learns drawings on a frozen backbone in `train` or `eval` mode; the old head is
    then asked again.

    `photos` is the old head's accuracy on photographs afterward, `before` the one it had; `drift`
    the mean over layers.
    """
    head, old_features = old_head(seed), cached_outputs("photos", "test", 0, lower=False)[:, 0]
    generator = seed_everything(seed)
    chosen, labels = picked("drawings", FROZEN_IMAGES, generator)
    sketches, unseen, photos = (
        task_sets("drawings")["train"].images[chosen],
        *(task_sets(task)["test"] for task in ("drawings", "photos")),
    )
    net = freeze_with(pretrained_net(CLASSES["drawings"]), momentum=0.1)
    losses = fine_tune(
        net,
        sketches,
        labels,
        steps=round(FROZEN_STEPS * length),
        backbone_lr=0.0,
        head_lr=1e-2,
        generator=generator,
        batch=8,
        batch_statistics=mode == "train",
    )
    net.eval()
    moved = drift(running_statistics(shared_net().backbone), running_statistics(net.backbone))
    return {
        "accuracy": net_accuracy(net, unseen.images, unseen.labels),
        "photos": head_accuracy(head, pooled_features(net.backbone, photos.images), photos.labels),
        "before": head_accuracy(head, old_features, photos.labels),
        "train": net_accuracy(net, sketches, labels),
        "falling": falling(losses),
        "drift": sum(moved) / len(moved),
        "steps": len(losses),
        "n_test": len(unseen),
    }


def frozen_claims(rows: list[dict[str, Any]]) -> dict[str, bool]:
    """A frozen backbone in training mode against one in evaluation mode, for rows of one length."""
    by_mode = {mode: [row for row in rows if row["mode"] == mode] for mode in ("train", "eval")}
    lost = [row["before"] - row["photos"] for row in by_mode["train"]]
    changed = [abs(row["before"] - row["photos"]) for row in by_mode["eval"]]
    new = {mode: [row["accuracy"] for row in found] for mode, found in by_mode.items()}
    return {
        "in training mode the old head loses 10 points or more on photographs": min(lost) > 0.1,
        "in evaluation mode it loses nothing": max(changed) < 0.01,
        "the new head is 10 points or more worse in training mode": (
            sum(new["eval"]) / len(new["eval"]) - sum(new["train"]) / len(new["train"]) > 0.1
        ),
    }
