"""Grades a class: reads the hand-ins, spreads them over workers, writes the gradebook, reports.

Theory of operation ------------------- Processes: the coordinator (this), one fork server (exec'ed
first, so that its imports overlap with ours), N workers (pool.py), and per worker at most one
confined kernel, a child of the fork server. The coordinator alone touches `submitted/`, the
gradebook and `autograded/`. Who ends what: kernels end with their worker's connection, the server
with the coordinator's lifeline pipe, workers by PR_SET_PDEATHSIG; so SIGKILL to any one process
leaves nothing behind but, for the coordinator, the server's socket directory, which the next run
removes. Resume: each hand-in's result and its journal row are one transaction (gradebook.py), so a
run that was killed is simply run again. A death of a worker or of the fork server within a run is
mended within the run. Points never depend on it: a hand-in is graded from the start or not at all.
"""

import os
import signal
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import OperationalError

from .. import exercise, printable, settings
from ..errors import AutograderError, GradingError, KernelError
from ..kernels.keeper import AnyServer
from ..sandbox import LayerReport, demand, probe
from . import cluster, gradebook, handin
from .by_asserts import ByAsserts
from .graded import Graded
from .options import Options
from .page import TooLong, cpu_limit
from .pool import ATTEMPTS, Again, Pool
from .session import COLD

TRUSTED_S = 90.0  # CPU time of a worker over one hand-in, the kernel's not counted


@dataclass
class Outcome:
    """What a run did. `failed`: students whose hand-in the engine itself could not grade, with the
    reason.
    """

    graded: list[Graded] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    layers: LayerReport = field(default_factory=lambda: LayerReport({}, False))


@dataclass
class _Job:
    """`address`: of the fork server, or `COLD`; `spent`: seconds of the hand-in's time that earlier
    tries took. The worker reads the hand-in: this process only looks at it.
    """

    handin: handin.Seen
    mark: str
    address: str
    spent: float = 0.0


class Grader(Protocol):
    """What a run needs of an assignment: `ByCases` or `ByAsserts`. `fixed`: all that results depend
    on beside the hand-in and the options; `known`: names of files that the course gave out.
    """

    fixed: list[str]
    known: tuple[str, ...]

    def start_server(self, layers: LayerReport) -> AnyServer: ...
    def start_simpler(self) -> bool: ...
    def prepare(self) -> None: ...
    def grade(self, seen: handin.Seen, address: str, spent: float) -> Graded: ...
    def spoiled(self, seen: handin.Seen, reason: str) -> Graded: ...
    def task(self, seen: handin.Seen, layers: tuple[str, ...]) -> Any: ...


class ClassRun:
    """One run over the hand-ins of one assignment. Use `grade_class`."""

    def __init__(
        self,
        course: CourseDirectory,
        assignment: str,
        options: Options,
        config: Any = None,
        server: AnyServer | None = None,
        layers: LayerReport | None = None,
    ) -> None:
        self._course, self._assignment, self._options = course, assignment, options
        self._cluster = cluster.Cluster(options.cluster) if options.cluster else None
        self._layers = self._cluster.layers() if self._cluster else layers or probe()
        self._accepted = demand(self._layers, options.accept_missing)
        self._cold = not self._layers.active
        self._secret = settings.SECRET()
        self._by_cases = exercise.is_compiled(assignment)
        self._writer = gradebook.Writer(course, assignment, config)
        self._grader = self._make_grader(config)
        self._fixed = [
            *self._grader.fixed,
            repr(options.budget),
            repr(options.limits),
            " ".join(self._layers.active),
        ]
        self._server, self._lent = server, server is not None

    def _make_grader(self, config: Any) -> Grader:
        if self._by_cases:
            from .by_cases import ByCases  # which imports torch

            return ByCases(self._course, self._assignment, self._secret, self._options)
        return ByAsserts(
            self._course, self._assignment, self._writer.sources(), self._options, config
        )

    def run(self, on_progress: Callable[[int, int, Graded | None], None]) -> Outcome:
        """Grade what is to be graded. `on_progress(done, total, latest)` is called in this
        process.
        """
        outcome = Outcome(layers=self._layers)
        waiting = self._waiting(outcome)
        on_progress(0, len(waiting), None)
        if waiting:
            if self._cluster is not None:
                self._grade_on_cluster(self._cluster, waiting, outcome, on_progress)
            elif self._cold:
                self._grade_cold(waiting, outcome, on_progress)
            else:
                if self._server is None:
                    self._start_server()
                self._grader.prepare()  # before the fork: workers share it
                self._grade(waiting, outcome, on_progress)
        if self._by_cases:
            self._writer.remember_secret(self._secret)
        outcome.incidents = self._writer.incidents()
        return outcome

    def close(self) -> None:
        """End the server and the database connection."""
        if self._server is not None and not self._lent:
            self._server.close()
        if self._cluster is not None:
            self._cluster.close()
        self._writer.close()

    def _waiting(self, outcome: Outcome) -> list[tuple[handin.Seen, str]]:
        done = {} if self._options.force else self._writer.done()
        waiting = []
        for student, folder in self._folders(outcome):
            found = handin.look(folder, student, self._assignment, self._grader.known)
            mark = gradebook.fingerprint(found, self._fixed, self._secret)
            if done.get(student) == mark:
                outcome.skipped.append(student)
            else:
                waiting.append((found, mark))
        return waiting

    def _folders(self, outcome: Outcome) -> Iterator[tuple[str, Path]]:
        """(student, folder) of each hand-in; names that cannot be a student's id are refused."""
        root = Path(
            self._course.format_path(self._course.submitted_directory, "x", self._assignment)
        ).parent.parent
        if not root.is_dir():
            raise GradingError(
                f"{root} is no folder: there are no hand-ins. Put them there, or run nbgrader's"
                " collect."
            )
        seen: set[str] = set()
        listed = sorted(os.scandir(root), key=lambda found: os.fsencode(found.name))
        names = [entry.name for entry in listed]
        for entry in listed:
            folder = Path(entry.path) / self._assignment
            student = unicodedata.normalize("NFC", entry.name)
            if self._options.students and student not in self._options.students:
                continue
            problem = handin.student_problem(entry.name) or handin.stands_for_others(
                entry.name, names
            )
            if problem is None and (entry.is_symlink() or folder.is_symlink()):
                problem = "is a link"
            if problem is None and student in seen:
                problem = "is there twice, in two Unicode forms"
            if not entry.is_symlink() and not entry.is_dir():
                continue
            if problem is not None:
                outcome.refused[ascii(entry.name)] = (
                    f"The folder {entry.name!a} {problem}; not graded. Rename it."
                )
            elif folder.is_dir():
                seen.add(student)
                yield student, folder

    def _start_server(self) -> None:
        if self._server is not None:
            self._server.close()
        self._lent = False
        self._server = self._grader.start_server(self._layers)

    def _grade(
        self,
        waiting: list[tuple[handin.Seen, str]],
        outcome: Outcome,
        on_progress: Callable[[int, int, Graded | None], None],
    ) -> None:
        # One more than cores: each waits for its kernel's end and for the coordinator now and then.
        cores = len(os.sched_getaffinity(0))
        pool = Pool(min(self._options.workers or cores + 1, len(waiting)), self._work)
        jobs = (_Job(found, mark, self._address()) for found, mark in waiting)
        try:
            budget = self._options.budget
            hung_s = 2 * (budget.longest_s + TRUSTED_S)
            for job, graded in pool.run(jobs, self._on_failure, 2 * budget.cell_s, hung_s):
                self._keep(graded, job.mark, outcome)
                on_progress(len(outcome.graded) + len(outcome.failed), len(waiting), graded)
        finally:
            pool.close()

    def _grade_cold(
        self,
        waiting: list[tuple[handin.Seen, str]],
        outcome: Outcome,
        on_progress: Callable[[int, int, Graded | None], None],
    ) -> None:
        """One hand-in after another, each in an ordinary kernel that this process starts: needs
        neither fork nor Linux.
        """
        for found, mark in waiting:
            job = _Job(found, mark, COLD)
            try:
                graded = self._one(job)
            except (KernelError, AutograderError) as error:
                graded = _failed(job, f"{type(error).__name__}: {error}")
            except Exception as error:
                graded = self._spoiled(job, f"{type(error).__name__}: {error}")
            self._keep(graded, mark, outcome)
            on_progress(len(outcome.graded) + len(outcome.failed), len(waiting), graded)

    def _grade_on_cluster(
        self,
        workers: cluster.Cluster,
        waiting: list[tuple[handin.Seen, str]],
        outcome: Outcome,
        on_progress: Callable[[int, int, Graded | None], None],
    ) -> None:
        jobs = {found.student: _Job(found, mark, "") for found, mark in waiting}
        layers = tuple(self._layers.active)
        tasks = {student: self._grader.task(job.handin, layers) for student, job in jobs.items()}
        for student, result in workers.run(tasks):
            job = jobs[student]
            graded = (
                result
                if isinstance(result, Graded)
                else _failed(job, f"{type(result).__name__}: {result}")
            )
            self._keep(graded, job.mark, outcome)
            on_progress(len(outcome.graded) + len(outcome.failed), len(waiting), graded)

    def _keep(self, graded: Graded, mark: str, outcome: Outcome) -> None:
        """Write one result. Whatever goes wrong over it is said of this hand-in, and the run goes
        on.
        """
        if not graded.failure:
            try:
                self._writer.record(graded, mark, self._layers.active, self._accepted)
            except OperationalError:  # the gradebook, not the hand-in: locked, full, gone
                raise
            except Exception as error:
                graded.failure = (
                    f"its result could not be written ({type(error).__name__}: {error})"
                )
        if graded.failure:
            outcome.failed[graded.student] = printable.line(graded.failure)
            self._writer.withdraw(graded.student, mark)
        elif graded.spoiled:
            outcome.failed[graded.student] = printable.line(graded.spoiled)
        else:
            graded.notebooks = {}  # written; a class's notebooks are no load of this process
            outcome.graded.append(graded)

    def _address(self) -> str:
        assert self._server is not None
        if not self._server.alive():
            self._start_server()
        try:
            self._server.wait_ready()
        except KernelError:
            if not self._grader.start_simpler():
                raise
            self._start_server()
            self._server.wait_ready()
        return self._server.address

    def _work(self, job: _Job) -> Graded | Again:
        """In a worker. Where the fork server, or a kernel without its own doing, has ended, it says
        so: the coordinator restarts what is missing and gives the hand-in out again.
        """
        try:
            with cpu_limit(TRUSTED_S, signal.ITIMER_VIRTUAL):
                return self._one(job)
        except KernelError as error:
            return Again(str(error))
        except AutograderError as error:  # the exercise, or the course: no hand-in's doing
            return _failed(job, f"{type(error).__name__}: {error}")
        except TooLong:
            return self._spoiled(job, f"more than {TRUSTED_S:.0f} s of computing to judge it")
        except Exception as error:
            return self._spoiled(job, f"{type(error).__name__}: {error}")

    def _one(self, job: _Job) -> Graded:
        return self._grader.grade(job.handin, job.address, job.spent)

    def _spoiled(self, job: _Job, reason: str) -> Graded:
        """A hand-in over which this engine itself failed: 0 points for now, said everywhere, tried
        again next time.
        """
        return self._grader.spoiled(job.handin, reason)

    def _on_failure(self, job: _Job, attempt: int, again: Again, seconds: float) -> Graded | None:
        if attempt < ATTEMPTS:
            job.address = self._address()  # the server may be another one now
            job.spent += seconds
            return None
        if again.crashed:
            return self._spoiled(job, f"{again.reason}, {attempt} times")
        return _failed(
            job, f"no result after {attempt} tries: {again.reason.rstrip('.')}. Run again."
        )


def _failed(job: _Job, reason: str) -> Graded:
    """The machine, or the course, has failed: nothing is recorded."""
    found = job.handin
    return Graded(
        found.student, found.assignment, {}, {}, [], found.digest, found.stamp, failure=reason
    )


def grade_class(
    course: CourseDirectory,
    assignment: str,
    options: Options | None = None,
    on_progress: Callable[[int, int, Graded | None], None] | None = None,
    config: Any = None,
    server: AnyServer | None = None,
    layers: LayerReport | None = None,
) -> Outcome:
    """Grade the hand-ins of `assignment` below `course`. Raises `GradingError`, `SandboxError`,
    `CaseError`.

    `server`: a running or starting one with `probe_sources`, for several runs in a row or started
    beforehand; it has to have the layers that are there. `layers`: what `probe` has found, if it
    has been asked.
    """
    run = ClassRun(course, assignment, options or Options(), config, server, layers)
    try:
        return run.run(on_progress or (lambda done, total, latest: None))
    finally:
        run.close()
