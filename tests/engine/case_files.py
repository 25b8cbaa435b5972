"""Reads the hand-ins in `cases/`, and says what of a run is not as their headers want it. See
cases/README.md.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from autograder import exercise
from autograder.engine.classrun import Outcome
from autograder.engine.session import Budget
from autograder.exercise import Exercise

from . import course

FOLDER = Path(__file__).with_name("cases")
_SECTION = re.compile(r"^# (cell|replace|extra): (?:(before|after) )?(\S+)[ ]*$", re.MULTILINE)
_AN_ANSWER = {"grade": False, "locked": False, "schema_version": 3, "solution": True, "task": False}


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
            return completed(self.path.read_bytes(), exercise.load(self.assignment))
        return nbformat.writes(self._notebook()).encode()

    def lost(self, of: Exercise) -> dict[str, str]:
        """The tests that lose their points, each with a part of its hint; of a stub also those of
        every function that the file does not give. Raises `ValueError` for a name in `loses` that
        is neither test nor function.
        """
        if odd := set(self.loses) - set(of.tests) - set(of.solutions):
            raise ValueError(f"{self.path}: `loses` names {sorted(odd)}, which {of.name} has not")
        unwritten = set[str]()
        if self.rest == "stub":
            given = {name for kind, _, name, _ in self._sections() if kind == "cell"}
            unwritten = set(of.solutions) - given
        return {
            test.id: self.loses.get(test.id, self.loses.get(test.function, ""))
            for test in of.tests.values()
            if {test.id, test.function} & {*self.loses, *unwritten}
        }

    def _notebook(self) -> NotebookNode:
        given = course.ROOT / "notebooks" / self.language / f"{self.assignment}.ipynb"
        made = nbformat.read(given, 4)
        if self.rest == "reference":
            made = course.fill(made, exercise.load(self.assignment).solutions)
        for kind, where, name, source in self._sections():
            _apply(made, kind, where or "before", name, source.strip("\n"))
        return made

    def _sections(self) -> Iterator[tuple[str, str, str, str]]:
        """Kind, place, name and source of each cell that the file gives."""
        body = self.path.read_text(encoding="utf-8").split('"""', 2)[2]
        parts = _SECTION.split(body)[1:]
        yield from zip(*(parts[i::4] for i in range(4)), strict=True)


def completed(data: bytes, of: Exercise) -> bytes:
    """A hand-in that may be older than some functions of its assignment: the right answers to these
    are put in where they belong. One that lacks none stays as it is, byte by byte.
    """
    notebook = json.loads(data)
    cells, place, lacks = notebook["cells"], 0, False
    for name, source in of.solutions.items():
        found = [at for at, cell in enumerate(cells) if name in _names(cell)]
        if not found:
            made = nbformat.v4.new_code_cell("\n\n".join([*of.shared, source]))
            made["metadata"]["nbgrader"] = _AN_ANSWER | {"grade_id": name}
            cells.insert(place, {**made, "id": name})
            found, lacks = [place], True
        place = found[0] + 1
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode() if lacks else data


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


def _names(cell: NotebookNode | dict[str, Any]) -> set[str]:
    return {
        str(cell.get("id", "")),
        str((cell["metadata"].get("nbgrader") or {}).get("grade_id", "")),
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
    of = exercise.load(case.assignment)
    lost = case.lost(of)
    for test in of.tests.values():
        if test.id not in lost and case.others == "full" and scores[test.id] != test.points:
            found.append(f"{test.id} lost: {hints.get(test.id)}")
        elif test.id in lost and scores[test.id]:
            found.append(f"{test.id} kept")
        elif test.id in lost and lost[test.id] not in hints.get(test.id, ""):
            found.append(f"{test.id}: no {lost[test.id]!r} in {hints.get(test.id)!r}")
    if case.points is not None and sum(scores.values()) != case.points:
        found.append(f"{sum(scores.values()):g} points, wanted {case.points:g}")
    incidents = outcome.incidents.get(case.name, [])
    for kind, words in case.incidents.items():
        if not any(entry["kind"] == kind and words in entry["text"] for entry in incidents):
            found.append(f"no incident {kind!r} with {words!r}: {incidents}")
    if "suspicious" not in case.incidents:
        found += [entry["text"] for entry in incidents if entry["kind"] == "suspicious"]
    return found
