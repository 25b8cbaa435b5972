"""What chapters 3 and 4 conclude from their studies: each function judges the rows of one length."""

from typing import Any

import numpy as np

from book.snippets.race import Row, crossing


def mean_of(rows: list[Row], metric: str, **setting: Any) -> float:
    """Mean over seeds of `metric` in the rows with this setting; NaN, which no comparison accepts, without any."""
    values = [row[metric] for row in rows if all(row[key] == value for key, value in setting.items())]
    return float(np.mean([value[-1] if isinstance(value, list) else value for value in values])) if values else np.nan


def recipe_claims(rows: list[Row]) -> dict[str, bool]:
    """The race of ch03: the target is the baseline's accuracy at its longest budget."""
    slow, fast = ([row for row in rows if row["recipe"] == name] for name in ("baseline", "better"))
    accuracy = np.mean([row["accuracy"] for row in fast], axis=0)
    target, seconds = mean_of(slow, "accuracy"), mean_of(fast, "used") / fast[0]["epochs"][-1]
    spent = crossing(fast[0]["epochs"], accuracy.tolist(), target) * seconds
    return {"the better recipe reaches the baseline's accuracy ten times faster": mean_of(slow, "used") > 10 * spent}


def shrinking_claims(rows: list[Row]) -> dict[str, bool]:
    """Five ways to shrink a map; ahead means by more than a percentage point."""
    test = {way: mean_of(rows, "test", way=way) for way in {row["way"] for row in rows}}
    moved = test["stride, equal parameters"]
    return {
        "max pooling is ahead of a stride moved into the convolution": test["max"] > moved + 0.01,
        "max pooling is ahead of an added strided convolution": test["max"] > test["added strided convolution"] + 0.01,
    }


def head_claims(rows: list[Row]) -> dict[str, bool]:
    """Heads on a shallow and a deep backbone; ahead means by more than a percentage point."""
    test, train = (
        {arm: mean_of(rows, metric, arm=arm) for arm in {r["arm"] for r in rows}} for metric in ("test", "train")
    )
    gap = {arm: train[arm] - test[arm] for arm in test}
    return {
        "flatten has the wider gap between training and test": gap["flatten"] > gap["gap"]
        and gap["flatten, deeper"] > gap["gap, deeper"],
        "flatten is ahead of GAP on the shallow backbone": test["flatten"] > test["gap"] + 0.01,
        "on the deep backbone it is ahead by less than two points": test["flatten, deeper"]
        < test["gap, deeper"] + 0.02,
    }


def depth_claims(rows: list[Row]) -> dict[str, bool]:
    """Degradation, by the last training loss; of the longer rows the plain networks alone."""
    loss = {(d, s): mean_of(rows, "loss", depth=d, shortcuts=s) for d in (8, 32) for s in (False, True)}
    claims = {"32 plain layers end at a higher training loss than 8": loss[32, False] > loss[8, False]}
    if any(row["shortcuts"] for row in rows):
        claims["32 layers with shortcuts end at a lower training loss than without"] = loss[32, True] < loss[32, False]
    return claims


def rate_claims(rows: list[Row]) -> dict[str, bool]:
    """At each learning rate tried, 32 plain layers end at a higher training loss than 8."""
    rates = sorted({row["lr"] for row in rows})
    deep, shallow = ([mean_of(rows, "loss", depth=d, shortcuts=False, lr=lr) for lr in rates] for d in (32, 8))
    higher = bool(np.all(np.greater(deep, shallow)))
    return {"at each rate 32 plain layers end at a higher training loss than 8": higher}
