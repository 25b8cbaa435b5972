"""Grades a hand-in of any nbgrader course: test cells are code with plain asserts, as nbgrader
knows them.

Theory of operation. What stock nbgrader does in its own process, with a cold kernel for each
notebook, is done here in a warm, confined one: graded cells as the gradebook has them (hidden tests
included), all cells in their order, all outputs kept. What they mean is left to nbgrader itself:
`SaveAutoGrades` reads the outputs, so that an error, anything on stderr, a number as the last value
(partial credit), a manually graded cell and an untouched answer count as always.

Nothing here keeps a student who knows this from forging the outcome: the asserts run in the process
of the code that they test. It is confined all the same, so that it harms and learns nothing else.
"""

import ast
import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict
from nbgrader.preprocessors import IgnorePattern
from nbgrader.utils import determine_grade

from .. import parsing
from ..reading import Finding
from ..repair import repair
from ..sandbox import Limits, beside
from . import causes, graded, handin, script, written
from .clock import Budget, Clock
from .graded import Graded
from .script import is_test, meta
from .session import Cell, Session, session

_ENVIRONMENT = {"NBGRADER_EXECUTION": "autograde"}  # as nbgrader sets it, for cells that ask


@dataclass(frozen=True)
class Source:
    """A graded cell as the gradebook has it, hidden tests included. `points`: None where it has
    none.
    """

    text: str
    checksum: str
    locked: bool
    points: float | None


@dataclass(frozen=True)
class Assignment:
    """What grading needs of an assignment: its notebooks by name, as released, and their cells by
    grade id. `beside`: the folder of the files that lie beside them.
    """

    name: str
    releases: Mapping[str, NotebookNode]
    sources: Mapping[str, Mapping[str, Source]]
    beside: str
    config: Any = None

    def digest(self) -> str:
        """Of all that the points depend on, beside the hand-in."""
        found = hashlib.sha256()
        for name, release in sorted(self.releases.items()):
            sources = sorted(self.sources[name].items())
            found.update(f"{name}\0{nbformat.writes(release)}\0{sources!r}\0".encode())
        for path in beside.files(self.beside):
            found.update(f"{path}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        return found.hexdigest()

    def modules(self) -> list[str]:
        """The packages that the release imports: a fork server imports them once."""
        sources = [cell.source for release in self.releases.values() for cell in release.cells]
        return sorted({name for source in sources for name in _imported(source)})


def _imported(source: str) -> Iterator[str]:
    tree = parsing.parse(source)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def grade(
    seen: handin.Seen,
    assignment: Assignment,
    address: str,
    budget: Budget,
    limits: Limits,
    spent: float = 0.0,
) -> Graded:
    """Grade each notebook in a kernel of its own. Raises `KernelError` if the machine gives
    none.
    """
    started = time.monotonic()
    names, clock = tuple(assignment.releases), Clock(budget, spent)
    known = beside.names(assignment.beside)
    incidents, notebooks, seconds = list[Finding](), dict[str, str](), list[float]()
    digest, stamp = seen.digest, seen.stamp
    for name in names:
        found = handin.read(
            seen.folder, seen.student, seen.assignment, notebook=name, among=names, known=known
        )
        digest, stamp = found.digest, found.stamp
        incidents += found.findings
        if (
            found.cells is None
            and len(names) > 1
            and any(entry.kind == "absent" for entry in found.findings)
        ):
            continue  # scores 0, as in nbgrader: there is nothing to show
        release = assignment.releases[name]
        if found.cells is None:
            notebooks[name] = nbformat.writes(graded.unreadable(release, incidents))
            continue
        notebook = _restored(release, assignment.sources[name], found.cells, incidents)
        more = {"questions": False, "environment": _ENVIRONMENT, "beside": assignment.beside}
        with session(address, clock, limits, **more) as run:
            run.play(_steps(notebook))
        seconds += run.kernel_seconds
        released = {cell.source for cell in release.cells}
        locked = {source.text for source in assignment.sources[name].values() if source.locked}
        incidents += graded.suspects(notebook, released) + causes.incidents(notebook, run)
        worths = _worths(notebook, run, assignment.config)
        incidents += graded.write_page(notebook, run.results, {}, released | locked)
        _keep_worths(notebook, worths)
        notebooks[name] = written.text(notebook)
    return Graded(
        seen.student, assignment.name, notebooks, {}, graded.reported(incidents), digest, stamp,
        time.monotonic() - started, seconds,
    )  # fmt: skip


def spoiled(seen: handin.Seen, assignment: Assignment, reason: str) -> Graded:
    """What is recorded of a hand-in over which this engine failed; see `one.spoiled`."""
    incidents = [graded.failed(reason)]
    notebooks = {
        name: nbformat.writes(graded.unreadable(release, incidents))
        for name, release in assignment.releases.items()
    }
    return Graded(
        seen.student, assignment.name, notebooks, {}, graded.reported(incidents), seen.digest,
        seen.stamp,
        spoiled=reason or "no reason",
    )  # fmt: skip


def _restored(
    release: NotebookNode,
    sources: Mapping[str, Source],
    cells: Sequence[Any],
    incidents: list[Finding],
) -> NotebookNode:
    """The hand-in, repaired from the release, with each graded cell as the gradebook has it, as
    OverwriteCells does.
    """
    functions = {
        str(meta(cell)["grade_id"]): name
        for cell in release.cells
        if meta(cell).get("solution")
        and cell.cell_type == "code"
        and (name := _first_definition(cell.source))
    }
    mended = repair(release, list(cells), functions)
    incidents += mended.findings
    for cell in mended.notebook.cells:
        source = sources.get(str(meta(cell).get("grade_id")))
        if source is None:
            continue
        if source.locked:
            cell.source = source.text
        # empty: an answer that stands in cells behind its own
        if meta(cell).get("checksum") or source.locked:
            cell.metadata["nbgrader"]["checksum"] = source.checksum
        if source.points is not None:
            cell.metadata["nbgrader"]["points"] = source.points
    return mended.notebook


def _first_definition(source: str) -> str:
    tree = parsing.parse(source)
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return (
        next((node.name for node in tree.body if isinstance(node, kinds)), "")
        if tree is not None
        else ""
    )


def _steps(notebook: NotebookNode) -> list[Cell]:
    """The cells in their order. A test's time is not used up by cells of the student's own."""
    return [
        Cell(index, script.without_installs(cell.source), needed=bool(meta(cell)))
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def _worths(notebook: NotebookNode, run: Session, config: Any) -> dict[int, float]:
    """What nbgrader gives for each test cell, by its index, from all of its outputs."""
    ignore = IgnorePattern(config=config)
    found = {}
    for index, cell in enumerate(notebook.cells):
        result = run.results.get(index)
        if not is_test(cell) or not cell.source.strip():
            continue
        if result is None or result.status != "ok":
            found[index] = 0.0
            continue
        raw = from_dict({**cell, "outputs": result.outputs})
        if ignore.enabled:
            raw, _ = ignore.preprocess_cell(raw, {}, index)
            run.results[index] = replace(result, outputs=list(raw.outputs))
        found[index] = _worth(raw)
    return found


def _worth(cell: NotebookNode) -> float:
    """What nbgrader gives for a test cell's outputs; 0 where they are none that it could read."""
    try:
        return float(determine_grade(cell)[0])
    except (AttributeError, KeyError, TypeError, ValueError):
        return 0.0


def _keep_worths(notebook: NotebookNode, worths: Mapping[int, float]) -> None:
    """Where a cell's outputs, as the page shows them, are worth something else: short ones of the
    same worth. So what is left out for its length costs no points and gives none.
    """
    for index, worth in worths.items():
        cell = notebook.cells[index]
        if _worth(cell) != worth:
            cell.outputs = _short(worth, float(meta(cell)["points"]))


def _short(worth: float, points: float) -> graded.Outputs:
    if worth == points:
        return []
    if worth > 0:
        made = {
            "output_type": "execute_result",
            "data": {"text/plain": repr(worth)},
            "metadata": {},
        }
        return [from_dict({**made, "execution_count": None})]
    return [
        graded.error_output("CellFault", "This test failed; its outputs are too long to be shown.")
    ]
