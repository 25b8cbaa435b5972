"""Reads the hand-ins in `cases/`, and says what of a run is not as their headers want it. See
cases/README.md.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode

from autograder import exercise
from autograder.engine.classrun import Outcome
from autograder.engine.session import Budget

from . import course

FOLDER = Path(__file__).with_name("cases")
_SECTION = re.compile(r"^# (cell|replace|extra): (?:(before|after) )?(\S+)[ ]*$", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class Case:
    """One file of `cases/`."""

    assignment: str
    path: Path
    language: str = "en"
    points: float | None = None
    loses: dict[str, str] = field(default_factory=dict)
    others: str = "full"
    incidents: dict[str, str] = field(default_factory=dict)
    rest: str = "reference"
    fails: str = ""
    prove: bool = False
    cell_s: float = Budget.cell_s

    @property
    def name(self) -> str:
        return self.path.stem

    def data(self) -> bytes:
        """The file that is handed in."""
        if self.path.suffix == ".ipynb":
            return self.path.read_bytes()
        return nbformat.writes(self._notebook()).encode()

    def _notebook(self) -> NotebookNode:
        given = course.ROOT / "notebooks" / self.language / f"{self.assignment}.ipynb"
        made = nbformat.read(given, 4)
        if self.rest == "reference":
            made = course.fill(made, exercise.load(self.assignment).solutions)
        body = self.path.read_text(encoding="utf-8").split('"""', 2)[2]
        parts = _SECTION.split(body)[1:]
        for kind, where, name, source in zip(*(parts[i::4] for i in range(4)), strict=True):
            _apply(made, kind, where or "before", name, source.strip("\n"))
        return made


def _apply(made: NotebookNode, kind: str, where: str, name: str, source: str) -> None:
    names = [_names(cell) for cell in made.cells]
    if kind == "extra":
        place = (
            len(names)
            if name == "end"
            else next(i for i, known in enumerate(names) if name in known)
        )
        new = nbformat.v4.new_code_cell(source)
        new["id"] = f"own-{len(names)}"
        made.cells.insert(place + (where == "after"), new)
    else:
        made.cells[next(i for i, known in enumerate(names) if name in known)].source = source


def _names(cell: NotebookNode) -> set[str]:
    return {
        str(cell.get("id", "")),
        str((cell.metadata.get("nbgrader") or {}).get("grade_id", "")),
    } - {""}


def read(path: Path) -> Case:
    """One case. Raises `TypeError` for an unknown key."""
    if path.suffix == ".ipynb":
        head = dict(json.loads(path.read_text(encoding="utf-8"))["metadata"]["case"])
        head.pop("title")
    else:
        head = (
            yaml.safe_load(path.read_text(encoding="utf-8").split('"""', 2)[1].partition("\n\n")[2])
            or {}
        )
    return Case(path.parent.name, path, **head)


CASES = {
    path.parent.name: sorted(
        (
            read(found)
            for found in path.parent.iterdir()
            if found.suffix in (".py", ".ipy", ".ipynb")
        ),
        key=lambda case: case.name,
    )
    for path in sorted(FOLDER.glob("ex*/*"))
}


def problems(
    case: Case, outcome: Outcome, scores: dict[str, float], hints: dict[str, str]
) -> list[str]:
    """What is not as wanted. `scores`, `hints`: by test id, of this student."""
    failure = outcome.failed.get(case.name, "")
    if case.fails or failure:
        return (
            []
            if case.fails and case.fails in failure
            else [f"not graded: {failure!r}, wanted {case.fails!r}"]
        )
    found = []
    tests = exercise.load(case.assignment).tests
    for test in tests.values():
        lost = next((name for name in case.loses if name in (test.id, test.function)), None)
        if lost is None and case.others == "full" and scores[test.id] != test.points:
            found.append(f"{test.id} lost: {hints.get(test.id)}")
        elif lost is not None and scores[test.id]:
            found.append(f"{test.id} kept")
        elif lost is not None and case.loses[lost] not in hints.get(test.id, ""):
            found.append(f"{test.id}: no {case.loses[lost]!r} in {hints.get(test.id)!r}")
    if case.points is not None and sum(scores.values()) != case.points:
        found.append(f"{sum(scores.values()):g} points, wanted {case.points:g}")
    incidents = outcome.incidents.get(case.name, [])
    for kind, words in case.incidents.items():
        if not any(entry["kind"] == kind and words in entry["text"] for entry in incidents):
            found.append(f"no incident {kind!r} with {words!r}: {incidents}")
    if "suspicious" not in case.incidents:
        found += [entry["text"] for entry in incidents if entry["kind"] == "suspicious"]
    return found
