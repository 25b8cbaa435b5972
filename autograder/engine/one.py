"""Grades one hand-in: a function of the hand-in, the release and the secret, with nothing kept between two calls.

`grade` runs in a worker, on the trusted side. It repairs the notebook, runs the student's cells in a confined kernel,
has the judge ask about each test where it stands (script.py), once more at the end about those that failed, and
returns a `Graded`: a notebook whose graded cells carry the verdict as an output (stock SaveAutoGrades reads it,
feedback shows it), the verdicts, the incidents. Tests that fail beside suspicious cells without being about one are
judged a second time without those cells (suspicion.py). The better verdict counts.
Equal input gives equal points: inputs follow from the hand-in's digest, and nothing here depends on time but the
limits, which count neither the time that other processes took nor the judge's own.
"""

import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field

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
from . import causes, clean, script, suspicion
from .clock import Budget, Clock
from .handin import HandIn
from .page import Page
from .script import is_test, meta, name_of
from .session import WORDS, Cell, Mark, Session, session

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
    failure: str = ""  # the machine's failure: no points are recorded
    spoiled: str = ""  # the engine's own failure over this hand-in: recorded with 0 points, and tried again


def grade(
    handin: HandIn,
    exercise: Exercise,
    release: NotebookNode,
    address: str,
    secret: bytes,
    budget: Budget | None = None,
    limits: Limits | None = None,
    editions: Sequence[NotebookNode] = (),
    spent: float = 0.0,
) -> Graded:
    """Grade, from the one of `release` and `editions` in which the student worked; earlier tries have `spent` seconds
    of its time. Raises `KernelError` if the machine gives no kernel, `CaseError` if the exercise itself is wrong.
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
    steps = script.steps(notebook, release, exercise.tests)
    clock, limits = Clock(budget or Budget(), spent), limits or Limits()
    with session(address, clock, limits) as run:
        verdicts = _Judge(exercise, secret, handin.digest, run, steps).verdicts(exercise.tests)
    if doubtful := _doubtful(verdicts, exercise, {entry.cell for entry in suspects}):
        named = {entry.cell for entry in suspects}
        kept = [step for step in steps if isinstance(step, Mark) or name_of(notebook, step.index) not in named]
        with session(address, clock, limits) as again:
            second = _Judge(exercise, secret, handin.digest, again, kept).verdicts(doubtful)
            verdicts |= {name: found for name, found in second.items() if found.passed}
    stops = causes.stops(notebook, run)
    verdicts = {
        name: causes.explained(verdict, exercise.tests[name].function, stops, notebook)
        for name, verdict in verdicts.items()
    }
    incidents += causes.incidents(notebook, run) + _faults(verdicts)
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


def spoiled(
    student: str, digest: str, stamp: str | None, exercise: Exercise, release: NotebookNode, reason: str
) -> Graded:
    """What is recorded of a hand-in over which this engine failed: no points from an earlier hand-in stay, student and
    instructor see why, and a person can grade.
    """
    incidents = [Finding("failed", f"The grader failed over this hand-in ({reason}): 0 for now. Grade by hand.")]
    notebook = _unreadable(release, exercise, incidents)
    return Graded(
        student, exercise.name, nbformat.writes(notebook), dict.fromkeys(exercise.tests, 0.0), _reported(incidents),
        digest, stamp, spoiled=reason or "no reason",
    )  # fmt: skip


def _own_cells(notebook: NotebookNode, released: set[str]) -> list[tuple[str, str]]:
    """(name, source) of the code cells that the student has written or changed."""
    return [
        (name_of(notebook, index), cell.source)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not is_test(cell) and cell.source not in released
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


@dataclass(frozen=True)
class _Judge:
    """Asks about tests in one session, which goes through `steps`."""

    exercise: Exercise
    secret: bytes
    digest: str
    run: Session
    steps: list[Cell | Mark]
    known: dict[int, dict[str, Verdict]] = field(default_factory=dict)  # by how many cells had been run

    def verdicts(self, names: Collection[str]) -> dict[str, Verdict]:
        """The better one of two verdicts on each test: where it stands, and at the end if it failed there."""
        found: dict[str, Verdict] = {}
        place = {step.test: position for position, step in enumerate(self.steps) if isinstance(step, Mark)}

        def judge(name: str) -> None:
            if name in names and (name not in found or not found[name].passed):
                found[name] = self._verdict(self.exercise.tests[name], self.steps[: self.run.position])

        self.run.play(self.steps, judge)
        for name in names:
            first, test = found.get(name), self.exercise.tests[name]
            if first is None or self._may_end_otherwise(first, test, place[name]):
                last = self._verdict(test, self.steps)
                if first is None or last.passed or _reason(first) == "not defined":
                    found[name] = last
        return found

    def _verdict(self, test: Test, steps: list[Cell | Mark]) -> Verdict:
        self.run.subject = test.function
        cells = [step for step in steps if isinstance(step, Cell)]
        return judge_test(
            self.exercise, test, self.run.ask, secret=self.secret, submission=self.digest,
            cells=[cell.source for cell in cells if not cell.quiet], known=self.known.setdefault(len(cells), {}),
        )  # fmt: skip

    def _may_end_otherwise(self, verdict: Verdict, test: Test, place: int) -> bool:
        """Whether a test that failed at `place` is asked again: where a cell of the student's own follows, or one that
        binds a name which was used before. If it cost time or nothing was written: one that defines its function anew.
        """
        if verdict.problem is None:
            return False
        later = [step for step in self.steps[place:] if isinstance(step, Cell)]
        if verdict.problem.fault or verdict.problem.reason == "not written yet":
            return any(test.function in script.binds(cell.source) for cell in later)
        before = [step.source for step in self.steps[:place] if isinstance(step, Cell)]
        used = {test.function}.union(*map(script.uses, before))
        return any(not cell.needed or used & script.binds(cell.source) for cell in later)


def _reason(verdict: Verdict) -> str:
    return verdict.problem.reason if verdict.problem else ""


def _doubtful(verdicts: dict[str, Verdict], exercise: Exercise, suspects: set[str]) -> list[str]:
    """Tests that failed beside suspicious cells without being about one, perhaps only because of them: they are judged
    once more without those cells, and a pass counts.
    """
    if not suspects:
        return []
    failed = [name for name, verdict in verdicts.items() if not verdict.passed]
    return [name for name in failed if exercise.tests[name].function not in suspects]


def _faults(verdicts: dict[str, Verdict]) -> list[Finding]:
    found = []
    for name, verdict in verdicts.items():
        problem = verdict.problem
        if problem is not None and (problem.fault or problem.route):
            reason = clean.text(problem.reason, 300)
            found.append(Finding(problem.fault or "route", f"Test {name}: {reason}; scores 0.", name))
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
        if is_test(cell):
            verdict = verdicts.get(meta(cell)["grade_id"])
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
    reason = " ".join(entry.text for entry in incidents if entry.kind in ("unreadable", "failed"))
    notebook = repair(release, []).notebook
    for cell in notebook.cells:
        if is_test(cell):
            cell.outputs = [_error("Unreadable", clean.text(reason, 1000))]
    return notebook
