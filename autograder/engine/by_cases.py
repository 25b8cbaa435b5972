"""A class run over an assignment with hidden cases: what the run needs of it, and how one hand-in
is graded.
"""

from typing import Any

import nbformat
from nbgrader.coursedir import CourseDirectory

from .. import exercise, rewording
from ..editions import other_editions
from ..errors import GradingError
from ..kernels import seeding
from ..kernels.keeper import AnyServer
from ..sandbox import LayerReport
from . import cluster, handin, one
from .graded import Graded
from .options import Options
from .release import read_release
from .server import start_server


class ByCases:
    """Verdicts are formed here, from what the student's functions return. Raises `CaseError`,
    `GradingError`.
    """

    known: tuple[str, ...] = ()

    def __init__(
        self, course: CourseDirectory, assignment: str, secret: bytes, options: Options
    ) -> None:
        self._options, self._secret = options, secret
        self._exercise = exercise.load(assignment)
        self._release = read_release(course, assignment, assignment)
        self._editions = other_editions(self._release, exercise.ROOT, assignment)
        self.fixed = [
            *map(rewording.notebook_digest, (self._release, *self._editions)),
            self._exercise.digest,
        ]

    def start_server(self, layers: LayerReport) -> AnyServer:
        """A fork server that can be asked questions; still starting."""
        return start_server(layers, keep_warm=self._options.keep_warm)

    def start_simpler(self) -> bool:
        """There is no simpler one."""
        return False

    def prepare(self) -> None:
        """Before workers are forked: they share torch and the reference solution."""
        import torch

        torch.set_num_threads(1)
        seeding.skip_absent_devices()
        self._exercise.reference()

    def grade(self, seen: handin.Seen, address: str, spent: float) -> Graded:
        """In a worker."""
        found = handin.read(seen.folder, seen.student, seen.assignment, self._exercise.solutions)
        if found.digest != seen.digest:
            raise GradingError("changed while it was graded; run again")
        return one.grade(
            found, self._exercise, self._release, address, self._secret,
            self._options.budget, self._options.limits, self._editions, spent,
        )  # fmt: skip

    def spoiled(self, seen: handin.Seen, reason: str) -> Graded:
        """What is recorded of a hand-in over which this engine failed."""
        return one.spoiled(
            seen.student, seen.digest, seen.stamp, self._exercise, self._release, reason
        )

    def task(self, seen: handin.Seen, layers: tuple[str, ...]) -> Any:
        """The same for a worker on another machine."""
        editions = tuple(nbformat.writes(notebook) for notebook in (self._release, *self._editions))
        found = handin.read(seen.folder, seen.student, seen.assignment, self._exercise.solutions)
        return cluster.Task(
            found, editions, self._secret, self._options.budget, self._options.limits, layers,
            cluster.code_digest(seen.assignment),
        )  # fmt: skip
