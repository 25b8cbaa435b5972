"""Reads the studies of ch03 and ch04: which rows belong to an arm, and when a target is reached."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Row = dict[str, Any]


def arm_rows(study: dict[str, Any], **setting: Any) -> list[Row]:
    """The study's rows with this setting, one per seed."""
    return [row for row in study["rows"] if all(row[key] == value for key, value in setting.items())]


def arm_values(study: dict[str, Any], metric: str, **setting: Any) -> np.ndarray:
    """One metric of the rows with this setting: `(seeds,)`, or `(seeds, points)` for a curve."""
    return np.array([row[metric] for row in arm_rows(study, **setting)])


def crossing(budgets: Sequence[float], accuracy: Sequence[float], target: float) -> float:
    """The budget at which `accuracy`, a straight line between budgets on a log axis, first reaches `target`.

    The smallest budget, an upper bound, where that one reaches it. Raises `ValueError` when none does.
    """
    if accuracy[0] >= target:
        return budgets[0]
    for i in range(1, len(budgets)):
        if accuracy[i] >= target:
            share = (target - accuracy[i - 1]) / (accuracy[i] - accuracy[i - 1])
            return math.exp(math.log(budgets[i - 1]) + share * math.log(budgets[i] / budgets[i - 1]))
    raise ValueError(f"accuracy {target:.3f} was never reached; the best is {max(accuracy):.3f}")
