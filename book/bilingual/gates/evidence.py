"""The gate of the studies: what a comparison of trained networks must show before the course may
speak of it.

A study declares in `book/studies.yml` how long it trains. `flattened`: every arm, at length 1,
until its training loss no longer falls. `budget`: equal steps are the question. `none`: nothing is
trained. The first two report the training accuracy at the stop and one run of at least four times
the steps; `claims` says of both whether the conclusions hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from book.bilingual.errors import Problem
from book.bilingual.gates.links_check import LinkMap

if TYPE_CHECKING:
    from book.bilingual.lesson.plan import Plan
    from book.bilingual.studies.studies import Study

STUDIES = "book/studies.yml"
LONGER = 4  # times the steps of length 1
_NEEDED = ("steps", "train", "falling")

Row = dict[str, Any]


def by_length(rows: list[Row]) -> list[tuple[float, list[Row]]]:
    """The rows of each length, the shortest first; without lengths all rows are of length 1."""
    lengths = sorted({row.get("length", 1) for row in rows})
    return [(length, [row for row in rows if row.get("length", 1) == length]) for length in lengths]


def values(row: Row, metric: str) -> list[float]:
    """The numbers of `metric` in a row: of `train` also `train_domain` and so on; lists are taken
    apart.
    """
    found = [value for key, value in row.items() if key == metric or key.startswith(metric + "_")]
    return [number for value in found for number in (value if isinstance(value, list) else [value])]


def arms(study: Study, rows: list[Row]) -> list[tuple[dict[str, Any], list[Row]]]:
    """Rows of one setting of the grid, lengths and seeds apart: setting → its rows."""
    keys = [key for key in study.grid if key != "length"]
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return [(dict(zip(keys, setting, strict=True)), chosen) for setting, chosen in found.items()]


def falls(study: Study, rows: list[Row]) -> list[tuple[dict[str, Any], float]]:
    """How far the training loss of each arm still fell at the end of length 1: mean over its seeds,
    largest metric.
    """
    found = []
    for setting, chosen in arms(study, rows):
        slopes = [values(row, "falling") for row in chosen if row.get("length", 1) == 1]
        if slopes and slopes[0]:
            found.append(
                (setting, max(sum(column) / len(column) for column in zip(*slopes, strict=True)))
            )
    return found


def row_faults(study: Study, rows: list[Row]) -> list[Problem]:
    """Why the rows are not the evidence that `training` promises; empty when they are, or when
    nothing is trained.
    """
    if study.training in ("", "none"):
        return []
    return [
        Problem(STUDIES, 0, "", f"study {study.name!r}: {what}", mend)
        for what, mend in [*_missing(study, rows), *_unfinished(study, rows)]
    ]


def _missing(study: Study, rows: list[Row]) -> Iterator[tuple[str, str]]:
    for metric in _NEEDED:
        bare = next((row for row in rows if not values(row, metric)), None)
        if bare is not None:
            shown = {key: bare[key] for key in (*study.grid, "seed") if key in bare}
            yield (
                f"row {shown} has no {metric!r}; nobody can tell how far it had learned",
                f"let its run return {metric!r}",
            )
    if study.n_test is None and not all(values(row, "n_test") for row in rows):
        yield (
            "says nowhere how many test images a row is measured on",
            "add `n_test` to the study, or to its rows",
        )
    lengths = [length for length, _ in by_length(rows)]
    if 1 not in lengths or max(lengths) < LONGER:
        yield (
            (
                f"has rows of length {lengths}, none {LONGER} times as long; a longer training"
                " might say the opposite"
            ),
            f"add `length: [1, {LONGER}]` to its grid, or `longer: {{seeds: [0]}}`",
        )
    if not study.claims:
        yield (
            "states no `claims`, so nothing tells whether its conclusion outlives longer training",
            "add `claims`",
        )


def _unfinished(study: Study, rows: list[Row]) -> Iterator[tuple[str, str]]:
    if study.training != "flattened":
        return
    for setting, fall in falls(study, rows):
        if fall > study.flat:
            yield (
                (
                    f"arm {setting or 'of all rows'}: its training loss still falls by {fall:.3f}"
                    " of its first value over the last fifth of the steps, beyond the bound"
                    f" {study.flat:g}; its state there is no property of the method"
                ),
                "train it longer, or declare `training: {budget: why}`",
            )


def declaration_problems(study: Study) -> list[Problem]:
    """A study that does not say how long it trains."""
    if study.training:
        return []
    what = f"study {study.name!r} does not say how long it trains, so no lesson may draw on it"
    mend = "add `training: flattened`, `training: {budget: why}` or `training: {none: why}`"
    return [Problem(STUDIES, 0, "", what, mend)]


def lesson_problems(plan: Plan, undeclared: set[str]) -> list[Problem]:
    """Cells of a lesson that draw on a study which does not say how long it trains."""
    return [
        plan.lesson.problem(
            slot.cells[0],
            f"draws on the study {name!r}, which does not say how long it trains; nobody can tell"
            " what its rows show",
            f"declare its `training` in {STUDIES}",
        )
        for slot in plan.code_slots
        for name in slot.cells[0].meta.get("results", [])
        if name in undeclared
    ]


def told_problems(root: Path, study: Study, verdicts: dict[str, dict[str, bool]]) -> list[Problem]:
    """A conclusion that longer training takes back, and no lesson that says so."""
    if not lost(verdicts):
        return []
    page, _, anchor = study.told.partition("#")
    if LinkMap(root).anchor(page, anchor, "en"):
        return []
    what = (
        f"study {study.name!r}: {', '.join(map(repr, lost(verdicts)))} does not hold at {LONGER}"
        " times the steps"
    )
    where = (
        f"`told` is {study.told!r}, which no lesson has"
        if study.told
        else "nothing says where the course tells so"
    )
    return [
        Problem(
            STUDIES,
            0,
            "",
            f"{what}, and {where}",
            "write it, then add `told: lesson#english-anchor`",
        )
    ]


def lost(verdicts: dict[str, dict[str, bool]]) -> list[str]:
    """The conclusions that hold at length 1 and fail at the longest."""
    longest = max(verdicts, key=float, default="1")
    return [
        name
        for name, holds in verdicts.get("1", {}).items()
        if holds and not verdicts[longest].get(name, True)
    ]
