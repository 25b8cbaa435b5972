"""When a curve of accuracy against budget reaches a target."""

import math
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


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
    best = max(accuracy)
    raise ValueError(f"{target:.3f} was never reached; the best is {best:.3f}")
