"""A class run over an assignment of any nbgrader course; see `asserts`."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory

from ..errors import GradingError
from ..kernels.keeper import AnyServer
from ..sandbox import LayerReport, beside
from . import asserts, handin
from .clock import Budget
from .graded import Graded
from .options import Options
from .release import read_release
from .server import start_server

MAX_BESIDE = 1 << 30  # bytes: they lie in memory
_HIDDEN_CASES = "autograder.inprocess.check("


class ByAsserts:
    """Test cells run where the student's code runs; nbgrader reads their outputs. Raises
    `GradingError`.
    """

    def __init__(
        self,
        course: CourseDirectory,
        assignment: str,
        sources: Mapping[str, Mapping[str, asserts.Source]],
        options: Options,
        config: Any = None,
    ) -> None:
        releases = {name: read_release(course, assignment, name) for name in sources}
        folders = (
            Path(course.format_path(directory, ".", assignment))
            for directory in _directories(course)
        )
        folder = next((str(folder) for folder in folders if beside.files(str(folder))), "")
        self._assignment = asserts.Assignment(assignment, releases, sources, folder, config)
        self._check(folder)
        self._options = replace(options, budget=_with_timeout(options.budget, config))
        self._modules = self._assignment.modules()
        self.known = beside.names(folder)
        self.fixed = [self._assignment.digest(), repr(self._options.budget)]

    def _check(self, folder: str) -> None:
        name = self._assignment.name
        for release in self._assignment.releases.values():
            language = (release.metadata.get("kernelspec") or {}).get("language", "python")
            if language != "python":
                raise GradingError(
                    f"{name} is written in {language}, and this engine runs Python alone: nothing"
                    " was graded. Set AUTOGRADER_STOCK=1 to grade it with nbgrader's own."
                )
        texts = [
            cell.text for sources in self._assignment.sources.values() for cell in sources.values()
        ]
        if any(_HIDDEN_CASES in text for text in texts):
            raise GradingError(
                f"{name} has hidden cases, and no compiled file of that name: nothing was graded."
                f" Build it: python -m book.bilingual build {name}"
            )
        if (size := beside.size(folder)) > MAX_BESIDE:
            raise GradingError(
                f"The files in {folder} have {size:,} bytes, more than the {MAX_BESIDE:,} that fit"
                " into the sandbox: nothing was graded. Leave out what the notebooks do not read."
            )

    def start_server(self, layers: LayerReport) -> AnyServer:
        """A fork server that has imported what the release imports; still starting."""
        return start_server(
            layers, False, self._modules, self._assignment.beside, self._options.keep_warm
        )

    def start_simpler(self) -> bool:
        """After one that did not start: import nothing beforehand. False if that has been tried."""
        tried, self._modules = not self._modules, []
        return not tried

    def prepare(self) -> None:
        """Workers need nothing more."""

    def grade(self, seen: handin.Seen, address: str, spent: float) -> Graded:
        """In a worker."""
        found = asserts.grade(
            seen, self._assignment, address, self._options.budget, self._options.limits, spent
        )
        if found.digest != seen.digest:
            raise GradingError("changed while it was graded; run again")
        return found

    def spoiled(self, seen: handin.Seen, reason: str) -> Graded:
        """What is recorded of a hand-in over which this engine failed."""
        return asserts.spoiled(seen, self._assignment, reason)

    def task(self, seen: handin.Seen, layers: tuple[str, ...]) -> Any:
        """Raises `GradingError`: what another machine has beside the notebooks is not known
        here.
        """
        raise GradingError(
            "An assignment without hidden cases is graded on this machine: leave out --cluster."
        )


def _directories(course: CourseDirectory) -> tuple[str, str]:
    """nbgrader takes the files beside notebooks from the source; an instructor may hold the release
    alone.
    """
    return course.source_directory, course.release_directory


def _with_timeout(budget: Budget, config: Any) -> Budget:
    """nbgrader's own limit of a cell, where the course sets one and the command does not."""
    if config is None or budget.cell_s != Budget.cell_s:
        return budget
    for section in ("Execute", "ExecutePreprocessor"):
        if (
            isinstance(seconds := config.get(section, {}).get("timeout"), int | float)
            and seconds > 0
        ):
            return replace(
                budget, cell_s=float(seconds), total_s=max(budget.total_s, 4.0 * seconds)
            )
    return budget
