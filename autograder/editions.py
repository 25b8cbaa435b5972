"""Which language edition of an assignment a hand-in was written in.

One edition is released to nbgrader; students open either one in Colab. Both hold the same graded
cells and differ in prose and hints, so that a hand-in is repaired from, and its feedback shown in,
the edition in which its student worked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.rewording import cell_digest

LANGUAGES = ("ko", "en")


def other_editions(release: NotebookNode, root: Path, assignment: str) -> list[NotebookNode]:
    """The students' notebooks below `root` that hold the same graded cells as `release` under other
    prose.
    """
    found = []
    for lang in LANGUAGES:
        path = root / "notebooks" / lang / f"{assignment}.ipynb"
        if path.is_file():
            edition = nbformat.read(path, as_version=4)
            if _graded(edition) == _graded(release) and _prose(edition.cells) != _prose(
                release.cells
            ):
                found.append(edition)
    return found


def nearest(editions: Sequence[NotebookNode], cells: Iterable[Any]) -> NotebookNode:
    """The edition that shares most cells with the hand-in; the first of `editions` where none
    shares more.
    """
    texts = {cell.source.strip() for cell in cells}
    return max(editions, key=lambda edition: len(texts & _texts(edition.cells)))


def _prose(cells: Iterable[Any]) -> set[str]:
    return _texts(cell for cell in cells if cell.cell_type == "markdown")


def _texts(cells: Iterable[Any]) -> set[str]:
    return {cell.source.strip() for cell in cells}


def _graded(notebook: NotebookNode) -> list[tuple[Any, ...]]:
    """What the gradebook knows of each graded cell; a locked cell's text included, since it
    is run.
    """
    found = []
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader")
        if meta:
            fixed = cell_digest(cell) if meta.get("locked") else ""
            found.append(
                (
                    meta.get("grade_id"),
                    meta.get("grade"),
                    meta.get("locked"),
                    meta.get("points"),
                    fixed,
                )
            )
    return found
