"""Grades one hand-in: a function of the hand-in, the release and the secret, with nothing kept
between two calls.

`grade` runs in a worker, on the trusted side. It repairs the notebook, runs the student's cells in
a confined kernel, has the judge ask about each test where it stands (script.py), once more at the
end about those that failed, and returns a `Graded`: a notebook whose graded cells carry the verdict
as an output (stock SaveAutoGrades reads it, feedback shows it), the verdicts, the incidents. Tests
that fail beside suspicious cells without being about one are judged a second time without those
cells (suspicion.py). The better verdict counts. Equal input gives equal points: inputs follow from
the hand-in's digest, and nothing here depends on time but the limits, which count neither the time
that other processes took nor the judge's own.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from ..editions import nearest
from ..exercise import Exercise, Test
from ..judge import judge_test
from ..reading import Finding
from ..repair import repair
from ..sandbox import Limits
from ..verdict import METADATA, Verdict
from . import causes, clean, graded, script, unused, written
from .clock import Budget, Clock
from .graded import Graded
from .handin import HandIn
from .script import name_of
from .session import Cell, Mark, Session, session


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
    """Grade, from the one of `release` and `editions` in which the student worked; earlier tries
    have `spent` seconds of its time. Raises `KernelError` if the machine gives no kernel,
    `CaseError` if the exercise itself is wrong.
    """
    started = time.monotonic()
    incidents = list(handin.findings)
    if handin.cells is None:
        zero = dict.fromkeys(exercise.tests, 0.0)
        page = written.text(graded.unreadable(release, incidents))
        return Graded(
            handin.student, handin.assignment, {exercise.name: page}, zero,
            graded.reported(incidents),
            handin.digest, handin.stamp, time.monotonic() - started,
        )  # fmt: skip
    release = nearest([release, *editions], handin.cells)
    released = {cell.source for cell in release.cells}
    mended = repair(release, list(handin.cells))
    incidents += mended.findings
    notebook = mended.notebook
    suspects = graded.suspects(notebook, released)
    incidents += suspects
    given = {cell.source for cell in release.cells if not script.meta(cell)}
    steps = unused.without_unused(
        script.steps(notebook, release, exercise.tests), given, exercise.asked
    )
    clock, limits = Clock(budget or Budget(), spent), limits or Limits()
    with session(address, clock, limits) as run:
        verdicts = _Judge(exercise, secret, handin.digest, run, steps).verdicts(exercise.tests)
    if doubtful := _doubtful(verdicts, exercise, {entry.cell for entry in suspects}):
        named = {entry.cell for entry in suspects}
        kept = [
            step
            for step in steps
            if isinstance(step, Mark) or name_of(notebook, step.index) not in named
        ]
        with session(address, clock, limits) as again:
            second = _Judge(exercise, secret, handin.digest, again, kept).verdicts(doubtful)
            verdicts |= {name: found for name, found in second.items() if found.passed}
    stops = causes.stops(notebook, run)
    verdicts = {
        name: causes.explained(verdict, exercise.tests[name].function, stops, notebook)
        for name, verdict in verdicts.items()
    }
    incidents += causes.incidents(notebook, run) + _faults(verdicts)
    incidents += graded.write_page(notebook, run.results, _tell(notebook, verdicts), released)
    return Graded(
        handin.student,
        handin.assignment,
        {exercise.name: written.text(notebook)},
        {name: verdict.points for name, verdict in verdicts.items()},
        graded.reported(incidents),
        handin.digest,
        handin.stamp,
        time.monotonic() - started,
        run.kernel_seconds,
    )


def spoiled(
    student: str,
    digest: str,
    stamp: str | None,
    exercise: Exercise,
    release: NotebookNode,
    reason: str,
) -> Graded:
    """What is recorded of a hand-in over which this engine failed: no points from an earlier
    hand-in stay, student and instructor see why, and a person can grade.
    """
    incidents = [graded.failed(reason)]
    notebook = {exercise.name: written.text(graded.unreadable(release, incidents))}
    return Graded(
        student, exercise.name, notebook, dict.fromkeys(exercise.tests, 0.0),
        graded.reported(incidents), digest, stamp,
        spoiled=reason or "no reason",
    )  # fmt: skip


@dataclass(frozen=True)
class _Judge:
    """Asks about tests in one session, which goes through `steps`."""

    exercise: Exercise
    secret: bytes
    digest: str
    run: Session
    steps: list[Cell | Mark]
    # by how many cells had been run
    known: dict[int, dict[str, Verdict]] = field(default_factory=dict)

    def verdicts(self, names: Collection[str]) -> dict[str, Verdict]:
        """The better one of two verdicts on each test: where it stands, and at the end if it failed
        there.
        """
        found: dict[str, Verdict] = {}
        place = {
            step.test: position
            for position, step in enumerate(self.steps)
            if isinstance(step, Mark)
        }

        def judge(name: str) -> None:
            if name in names and (name not in found or not found[name].passed):
                found[name] = self._verdict(
                    self.exercise.tests[name], self.steps[: self.run.position]
                )

        self.run.play(self.steps, judge)
        for name in names:
            first, test = found.get(name), self.exercise.tests[name]
            if first is None or self._may_end_otherwise(first, test, place[name]):
                last = self._verdict(test, self.steps)
                if first is None or last.passed or (first.problem and first.problem.missing):
                    found[name] = last
        return found

    def _verdict(self, test: Test, steps: list[Cell | Mark]) -> Verdict:
        self.run.subject = test.function
        cells = [step for step in steps if isinstance(step, Cell)]
        return judge_test(
            self.exercise, test, self.run.ask, secret=self.secret, submission=self.digest,
            cells=[cell.source for cell in cells if not cell.quiet],
            known=self.known.setdefault(len(cells), {}), ask_ahead=self.run.ask_ahead,
        )  # fmt: skip

    def _may_end_otherwise(self, verdict: Verdict, test: Test, place: int) -> bool:
        """Whether a test that failed at `place` is asked again: where a cell of the student's own
        follows, or one that binds a name which was used before. If it cost time or nothing was
        written: one that defines its function anew.
        """
        if verdict.problem is None:
            return False
        later = [step for step in self.steps[place:] if isinstance(step, Cell)]
        if verdict.problem.fault or verdict.problem.unwritten:
            return any(test.function in script.binds(cell.source) for cell in later)
        before = [step.source for step in self.steps[:place] if isinstance(step, Cell)]
        used = {test.function}.union(*map(script.uses, before))
        return any(not cell.needed or used & script.binds(cell.source) for cell in later)


def _doubtful(verdicts: dict[str, Verdict], exercise: Exercise, suspects: set[str]) -> list[str]:
    """Tests that failed beside suspicious cells without being about one, perhaps only because of
    them: they are judged once more without those cells, and a pass counts.
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
            found.append(
                Finding(problem.fault or "route", f"Test {name}: {reason}; scores 0.", name)
            )
    return found


def _tell(notebook: NotebookNode, verdicts: Mapping[str, Verdict]) -> dict[str, graded.Outputs]:
    """The outputs of each test cell, as nbgrader reads them; what a page says is kept beside them,
    as data.
    """
    told: dict[str, graded.Outputs] = {}
    for cell in notebook.cells:
        name = script.meta(cell).get("grade_id", "")
        if name not in verdicts:
            continue
        problem, told[name] = verdicts[name].problem, []
        if problem is not None:
            hint = {
                language: clean.text(words, 2000, colours=False)
                for language, words in (("ko", problem.hint.ko), ("en", problem.hint.en))
            }
            cell.metadata[METADATA] = {"case": verdicts[name].case or "", "hint": hint}
            told[name] = [graded.error_output("AssertionError", "\n".join(hint.values()))]
    return told
