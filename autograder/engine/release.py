"""The release of an assignment, as `nbgrader generate_assignment` has written it."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory

from ..errors import GradingError


def read_release(course: CourseDirectory, assignment: str, notebook: str) -> NotebookNode:
    """One of its notebooks. Raises `GradingError` if it is not there."""
    path = Path(course.format_path(course.release_directory, ".", assignment)) / f"{notebook}.ipynb"
    if not path.is_file():
        raise GradingError(
            f"{path} is missing: nothing to compare with. Run `nbgrader generate_assignment"
            f" {assignment}`."
        )
    release: NotebookNode = nbformat.reads(path.read_text(encoding="utf-8"), 4)
    return release
