"""A study's rows in a notebook: one line per arm becomes a row per seed, and back to an array per metric."""

from collections.abc import Sequence
from typing import Any

import numpy as np


def rows_of(setting: Sequence[str], metrics: Sequence[str], arms: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """One row per arm and seed; an arm is its setting, its seeds, and a list over seeds for each metric."""
    names, size = [*setting, "seed", *metrics], len(setting)
    return [dict(zip(names, [*arm[:size], *run], strict=True)) for arm in arms for run in zip(*arm[size:], strict=True)]


def runs(study: dict[str, Any], metric: str, length: float = 1, **setting: Any) -> np.ndarray:
    """A metric over seeds of the rows with this setting and length of training: `(seeds,)` or `(seeds, points)`."""
    rows = [row for row in study["rows"] if row.get("length", length) == length and setting.items() <= row.items()]
    return np.array([row[metric] for row in rows])
