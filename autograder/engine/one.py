"""Grades one hand-in: a function of the hand-in, the release and the secret, with nothing kept between two calls.

`grade` runs in a worker, on the trusted side. It repairs the notebook, runs the student's cells in a confined kernel,
has the judge ask its questions, and returns a `Graded`: a notebook whose graded cells carry the verdict as an output
(stock SaveAutoGrades reads it, feedback shows it), the verdicts, the incidents. Tests that fail beside suspicious
cells without being about one are judged a second time without those cells (suspicion.py); the better verdict counts.
Equal input gives equal points: inputs follow from the hand-in's digest, and nothing here depends on time but the
limits, which count neither the time that other processes took nor the judge's own.
"""

import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

from .. import parsing
from ..editions import nearest
from ..exercise import Exercise, Test
from ..judge import Verdict, judge_test
from ..kernels.client import CellResult
from ..repair import Finding, repair
from ..sandbox import Limits
from . import clean, suspicion
from .handin import HandIn
from .page import Page
from .session import WORDS, Budget, Session, session

_INSTALL = re.compile(r"^([ \t]*)[!%][ \t]*(?:pip3?|conda|mamba|apt|apt-get)\b[^\n]*", re.MULTILINE)
MAX_REPORTED = 20  # incidents of one kind and hand-in


@dataclass
class Graded:
    """The result of one hand-in, plain enough to be sent between processes."""

    student: str
    assignment: str
    notebook: str  # nbformat JSON; empty if there was none to grade
    scores: dict[str, float]
    incidents: list[dict[str, str]]
    digest: str
    stamp: str | None
    seconds: float = 0.0
    kernel_seconds: list[float] = field(default_factory=list)
    failure: str = ""  # the engine's own failure: no points are recorded


def grade(
    handin: HandIn,
    exercise: Exercise,
    release: NotebookNode,
    address: str,
    secret: bytes,
    budget: Budget | None = None,
    limits: Limits | None = None,
    editions: Sequence[NotebookNode] = (),
) -> Graded:
    """Grade, from the one of `release` and `editions` in which the student worked. Raises `KernelError` if the
    machine gives no kernel, `CaseError` if the exercise itself is wrong.
    """
    started = time.monotonic()
    incidents = list(handin.findings)
    if handin.cells is None:
        zero = dict.fromkeys(exercise.tests, 0.0)
        notebook = _unreadable(release, exercise, incidents)
        return Graded(
            handin.student, handin.assignment, nbformat.writes(notebook), zero,
            _reported(incidents), handin.digest, handin.stamp, time.monotonic() - started,
        )  # fmt: skip
    release = nearest([release, *editions], handin.cells)
    released = {cell.source for cell in release.cells}
    mended = repair(release, list(handin.cells))
    incidents += mended.findings
    notebook = mended.notebook
    suspects = _suspects(_own_cells(notebook, released))
    incidents += suspects
    code = _code(notebook)
    judge = _Judge(exercise, secret, handin.digest, [source for _, source in code])
    with session(address, budget or Budget(), limits or Limits()) as run:
        run.run(code)
        verdicts = judge.verdicts(run, exercise.tests)
    if doubtful := _doubtful(verdicts, exercise, {entry.cell for entry in suspects}):
        named = {entry.cell for entry in suspects}
        kept = [(index, source) for index, source in code if _name(notebook, index) not in named]
        with session(address, budget or Budget(), limits or Limits()) as again:
            again.run(kept)
            verdicts |= {name: found for name, found in judge.verdicts(again, doubtful).items() if found.passed}
    incidents += _incidents(run, notebook, verdicts)
    incidents += _write_page(notebook, run.results, verdicts, released)
    return Graded(
        handin.student,
        handin.assignment,
        nbformat.writes(notebook),
        {name: verdict.points for name, verdict in verdicts.items()},
        _reported(incidents),
        handin.digest,
        handin.stamp,
        time.monotonic() - started,
        run.kernel_seconds,
    )


def _meta(cell: NotebookNode) -> dict[str, Any]:
    return cell.metadata.get("nbgrader") or {}


def _is_test(cell: NotebookNode) -> bool:
    meta = _meta(cell)
    return bool(meta.get("grade")) and not meta.get("solution") and cell.cell_type == "code"


def _own_cells(notebook: NotebookNode, released: set[str]) -> list[tuple[str, str]]:
    """(name, source) of the code cells that the student has written or changed."""
    return [
        (_name(notebook, index), cell.source)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not _is_test(cell) and cell.source not in released
    ]


def _suspects(cells: list[tuple[str, str]]) -> list[Finding]:
    """What suspicion finds in the cells that are not too large to be read; those that are, are named."""
    unread = parsing.unread([source for _, source in cells])
    found = suspicion.findings(cell for index, cell in enumerate(cells) if index not in unread)
    return found + [
        Finding("unread", f"Cell {name} has {len(source):,} characters: run, but not read for what looks odd.", name)
        for index, (name, source) in enumerate(cells)
        if index in unread
    ]


def _name(notebook: NotebookNode, index: int) -> str:
    """What a cell is called in reports: its grade id, else its number."""
    return str(_meta(notebook.cells[index]).get("grade_id") or f"number {index + 1}")


def _code(notebook: NotebookNode) -> list[tuple[int, str]]:
    """(index, source) of the code cells to run. Installing needs a network that is not there: such lines do nothing."""
    return [
        (index, _INSTALL.sub(r"\1pass", cell.source))
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not _is_test(cell) and cell.source.strip()
    ]


@dataclass(frozen=True)
class _Judge:
    exercise: Exercise
    secret: bytes
    digest: str
    sources: list[str]

    def verdicts(self, run: Session, names: Iterable[str]) -> dict[str, Verdict]:
        return {name: self._verdict(run, self.exercise.tests[name]) for name in names}

    def _verdict(self, run: Session, test: Test) -> Verdict:
        return judge_test(self.exercise, test, run.ask, secret=self.secret, submission=self.digest, cells=self.sources)


def _doubtful(verdicts: dict[str, Verdict], exercise: Exercise, suspects: set[str]) -> list[str]:
    """Tests that failed beside suspicious cells without being about one, perhaps only because of them: they are judged
    once more without those cells, and a pass counts.
    """
    if not suspects:
        return []
    failed = [name for name, verdict in verdicts.items() if not verdict.passed]
    return [name for name in failed if exercise.tests[name].function not in suspects]


def _incidents(run: Session, notebook: NotebookNode, verdicts: dict[str, Verdict]) -> list[Finding]:
    found = []
    for index, what in run.culprits.items():
        name = _name(notebook, index)
        found.append(Finding(what, f"Cell {name} {WORDS[what]}; left out, the rest was run without it.", name))
    for index, result in run.results.items():
        if result.status == "interrupted":
            name = _name(notebook, index)
            found.append(Finding("timeout", f"Cell {name} {WORDS['timeout']}; interrupted.", name))
    for name, verdict in verdicts.items():
        if verdict.problem is not None and verdict.problem.fault:
            kind = verdict.problem.fault
            found.append(Finding(kind, f"Test {name}: {clean.text(verdict.problem.reason, 300)}; scores 0.", name))
    return found


def _write_page(
    notebook: NotebookNode, results: dict[int, CellResult], verdicts: dict[str, Verdict], released: set[str]
) -> list[Finding]:
    """Put outputs and verdicts into the cells, and into the student's own what may be shown of them. An untouched text
    stays as it is: nbgrader knows it by its checksum.
    """
    page, count = Page(), 0
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            if cell.source not in released:
                cell.source, kept = page.markdown(cell.source, cell.pop("attachments", {}))
                if kept and cell.cell_type == "markdown":
                    cell["attachments"] = from_dict(kept)
            continue
        count += 1
        cell.execution_count = count
        if _is_test(cell):
            verdict = verdicts.get(_meta(cell)["grade_id"])
            cell.outputs = [] if verdict is None or verdict.problem is None else [_failure(verdict)]
            continue
        if cell.source not in released:
            cell.source = page.code(cell.source)
        if index in results:
            cell.outputs = page.outputs(results[index].outputs)
            if results[index].status not in ("ok", "error"):
                word = WORDS.get(results[index].status, WORDS["timeout"])
                cell.outputs.append(_error("CellFault", f"This cell {word}."))
    return _left_out(page)


def _left_out(page: Page) -> list[Finding]:
    found = []
    if page.left_out:
        what = f"{page.left_out} cells or outputs are too long, or take too long, to be shown"
        found.append(Finding("shown", f"{what}; points do not depend on it. See the notebook that was handed in."))
    if page.lost_pictures:
        what = f"The text wants {page.lost_pictures} pictures that are not in the file"
        found.append(Finding("picture", f"{what}. Ask for them, if the short answer needs them."))
    return found


def _reported(incidents: Sequence[Finding]) -> list[dict[str, str]]:
    """At most `MAX_REPORTED` incidents of each kind, and how many more there are."""
    found = []
    seen: Counter[str] = Counter()
    for entry in dict.fromkeys(incidents):
        seen[entry.kind] += 1
        if seen[entry.kind] <= MAX_REPORTED:
            found.append(entry)
    more = {kind: count - MAX_REPORTED for kind, count in seen.items() if count > MAX_REPORTED}
    found += [Finding(kind, f"… and {count:,} more of this kind.") for kind, count in more.items()]
    return [asdict(entry) for entry in found]


def _failure(verdict: Verdict) -> NotebookNode:
    assert verdict.problem is not None
    hint = verdict.problem.hint
    said = [clean.text(words, 2000, colours=False) for words in (hint.ko, hint.en)]
    return _error("AssertionError", "\n".join(said))


def _error(name: str, message: str) -> NotebookNode:
    return from_dict({"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]})


def _unreadable(release: NotebookNode, exercise: Exercise, incidents: list[Finding]) -> NotebookNode:
    """The release with the reason in every test cell, so that formgrader and feedback have something to show."""
    reason = " ".join(entry.text for entry in incidents if entry.kind == "unreadable")
    notebook = repair(release, []).notebook
    for cell in notebook.cells:
        if cell.cell_type == "code" and _is_test(cell):
            cell.outputs = [_error("Unreadable", clean.text(reason, 1000))]
    return notebook
