"""pytest plugin: `pytest --nbval notebooks solutions` re-executes every generated notebook as the
build executed it.

It extends nbval by three things. The kernel gets the build's environment and keeps history, and
outputs are compared after the build's scrubbing. Where a notebook records numbers of its prose
(`course.values`), a test item evaluates them anew in the same kernel and compares within their
tolerance. Exercises as students get them are left to `tests/test_student_exercises.py`.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from nbval.plugin import IPyNbFile

from book.bilingual.build.execute import SCRUB, kernel_environment
from book.bilingual.lesson import values

ANSWER_TIMEOUT = 60  # s


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[Any], list[Any]]:
    """Put our collector in the place of nbval's."""
    collectors = yield
    ours = []
    for collector in collectors:
        if type(collector) is not IPyNbFile:
            ours.append(collector)
        elif not is_student_exercise(file_path):
            ours.append(CourseNotebook.from_parent(parent, path=file_path))
    return ours


def is_student_exercise(path: Path) -> bool:
    """Whether it is an exercise as students get it, whose tests must fail."""
    return path.parent.parent.name == "notebooks" and path.name.startswith("ex")


class CourseNotebook(IPyNbFile):  # type: ignore[misc]
    """A generated notebook: nbval's items for its code, ours for the numbers of its prose."""

    def setup(self) -> None:
        """Start the kernel as the build does."""
        self._scratch = tempfile.TemporaryDirectory(prefix="nbval-")
        root = self.config.rootpath
        self.nb.metadata.setdefault("kernelspec", {})["name"] = "python3"
        with _environment(
            kernel_environment(root, self._scratch.name, exercise="solutions" in self.path.parts)
        ):
            super().setup()
        # As a reader's frontend does: only with history does IPython honour a cell's last
        # semicolon.
        self.kernel.execute_cell_input = partial(_execute, self.kernel.kc)
        for place, name in (
            (self.path.parent, "<here>"),
            (root, "<course>"),
            (Path(sys.prefix), "<python>"),
        ):
            self.sanitize_patterns[re.escape(str(place))] = name
        self.sanitize_patterns.update(SCRUB)

    def collect(self) -> Iterator[pytest.Item]:
        """nbval's cells, each followed by the checks of the prose (or alt text) that quotes from
        the run so far.
        """
        cells = list(super().collect())
        done = 0
        for cell in self.nb.cells:
            if cell.cell_type == "code":
                yield cells[done]
                done += 1
            recorded = cell.metadata.get("course", {}).get("values", [])
            if recorded:
                yield ProseValues.from_parent(self, name=f"Prose {cell.id}", recorded=recorded)

    def teardown(self) -> None:
        """Stop the kernel."""
        super().teardown()
        if self.kernel is not None:
            self.kernel.kc.stop_channels()
        self._scratch.cleanup()


def _execute(client: Any, source: str, allow_stdin: bool | None = None) -> str:
    """Run a cell; the id of the request."""
    return str(
        client.execute(source, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)
    )


class ProseValues(pytest.Item):
    """The numbers that one piece of prose quotes, against the kernel at this point of the run."""

    def __init__(self, *, recorded: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.recorded = recorded

    def runtest(self) -> None:
        """Evaluate each expression anew. Raises `ProseDisagrees`."""
        kernel = self.parent.kernel  # type: ignore[union-attr]
        if not kernel.is_alive():
            raise ProseDisagrees("the kernel died before this point")
        expressions = {
            str(i): values.probe(entry["expr"], entry["format"])
            for i, entry in enumerate(self.recorded)
        }
        answers = ask(kernel.kc, expressions)
        faults = []
        for i, entry in enumerate(self.recorded):
            try:
                faults.append(values.disagreement(entry, values.parse(answers.get(str(i), {}))))
            except values.EvaluationError as error:
                faults.append(f"{entry['expr']} does not resolve: {error}")
        if any(faults):
            raise ProseDisagrees("; ".join(filter(None, faults)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The disagreement alone, without a traceback."""
        return (
            f"the prose {self.name.removeprefix('Prose ')!r} disagrees with the run:"
            f" {excinfo.value}"
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.path.name}::{self.name}"


class ProseDisagrees(Exception):
    """A number in the prose is not what the kernel says."""


def ask(client: Any, expressions: dict[str, str]) -> dict[str, Any]:
    """Evaluate expressions silently through a blocking kernel client; the kernel's answer per
    key.
    """
    message = client.execute("", silent=True, store_history=False, user_expressions=expressions)
    while True:
        reply = client.get_shell_msg(timeout=ANSWER_TIMEOUT)
        if reply["parent_header"].get("msg_id") == message:
            return dict(reply["content"].get("user_expressions", {}))


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
