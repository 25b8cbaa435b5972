"""What studies measured, as the playgrounds show it: a mean over seeds, the range, the number of
seeds.

Read from `book/results` while the site is built; nothing is typed in by hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[1] / "results"
TUNED_RATE = 1e-4  # of a backbone that is fine-tuned; chapter 6 chooses it on validation images
Row = dict[str, Any]


def by_seed(rows: Iterable[Row], of: str) -> list[float]:
    """The values `of` the rows of one setting. Raises `ValueError` where a seed comes twice: two
    settings would be taken for one.
    """
    rows = list(rows)
    if len({row["seed"] for row in rows}) < len(rows):
        raise ValueError(f"two rows of {of} have the same seed; choose by one more of {[*rows[0]]}")
    return [row[of] for row in rows]


def spread(values: Iterable[float]) -> list[float]:
    """Mean, least, most and number of `values`."""
    all_of_them = list(values)
    return [
        round(sum(all_of_them) / len(all_of_them), 4),
        min(all_of_them),
        max(all_of_them),
        len(all_of_them),
    ]


def _rows(study: str, length: int) -> list[Row]:
    found = json.loads((RESULTS / f"{study}.json").read_text("utf-8"))["rows"]
    return [row for row in found if row["length"] == length]


@cache
def glass() -> dict[str, Any]:
    """Accuracy of the twins by half and by the shape's column, from the first that holds it wholly
    to the last.
    """
    rows = _rows("ch02_glass", 1)
    found: dict[str, Any] = {"seeds": len({row["seed"] for row in rows})}
    for head in ("gap", "flatten"):
        chosen = [row for row in rows if row["head"] == head]
        found[head] = {side: spread(by_seed(chosen, side))[:3] for side in ("left", "right")}
        columns = zip(*(row["by_column"] for row in chosen), strict=True)
        found[head]["by_column"] = [spread(column)[:3] for column in columns]
    return found


def _strategies() -> Iterator[Row]:
    """Rows of chapter 6's strategies, trained to their end; where that takes longest, the longest
    of the lengths.
    """
    for path in sorted(RESULTS.glob("ch06_*.json")):
        kind = path.stem.split("_")[1]
        if kind in ("heads", "partial", "full", "scratch"):
            rows = json.loads(path.read_text("utf-8"))["rows"]
            for row in rows:
                alike = [
                    r["length"]
                    for r in rows
                    if (r["task"], r["images"]) == (row["task"], row["images"])
                ]
                done = row["length"] == (max(alike) if kind in ("full", "scratch") else 1)
                if done and row.get("rate", TUNED_RATE) == TUNED_RATE:
                    yield {"strategy": kind} | row


@cache
def transfer() -> dict[str, Any]:
    """Task → number of images → strategy → accuracy; beside the strategies, what the size of
    photographs does.
    """
    found: dict[str, Any] = {}
    cells: dict[tuple[str, int, str], list[Row]] = {}
    for row in _strategies():
        cells.setdefault((row["task"], row["images"], row["strategy"]), []).append(row)
    for (task, images, strategy), rows in cells.items():
        cell = found.setdefault(task, {}).setdefault(
            images, {"strategies": {}, "n_test": rows[0]["n_test"]}
        )
        cell["strategies"][strategy] = spread(by_seed(rows, "accuracy"))
    rows = [row for row in _rows("ch06_resolution", 1) if not row["enlarged"]]
    for size, images in sorted({(row["size"], row["images"]) for row in rows}):
        alike = [row for row in rows if (row["size"], row["images"]) == (size, images)]
        values = spread(by_seed(alike, "accuracy"))
        found["photos"][images].setdefault("sides", {})[size] = values
    return found


# Playground → its numbers.
NUMBERS: dict[str, Callable[[], dict[str, Any]]] = {"glass": glass, "transfer": transfer}
