"""Reads the studies of ch03: who reached what, and when."""

from typing import Any

import numpy as np

Row = dict[str, Any]


def arm_rows(study: dict[str, Any], **setting: Any) -> list[Row]:
    """The study's rows with this setting, one per seed."""
    return [row for row in study["rows"] if all(row[key] == value for key, value in setting.items())]


def arm_values(study: dict[str, Any], metric: str, **setting: Any) -> np.ndarray:
    """One metric of the rows with this setting: `(seeds,)`, or `(seeds, epochs)` for a curve."""
    return np.array([row[metric] for row in arm_rows(study, **setting)])


def times_sooner(slow: Row, fast: Row) -> float:
    """How many times sooner `fast` reaches the best accuracy of `slow`: a ratio of training seconds.

    Raises `ValueError` when it never does.
    """
    target = max(slow["accuracy"])
    reached = [second for second, a in zip(fast["seconds"], fast["accuracy"], strict=True) if a >= target]
    if not reached:
        raise ValueError(
            f"accuracy {target:.3f} was never reached; the faster run's best is {max(fast['accuracy']):.3f}"
        )
    return slow["seconds"][slow["accuracy"].index(target)] / reached[0]
