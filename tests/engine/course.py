"""A small course for the engine's tests: an nbgrader source made of an exercise, its release, and hand-ins."""

import copy
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder.exercise import Exercise, cells_of

# A new gradebook calls `alembic`, which lies beside the interpreter.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION\n?", re.MULTILINE | re.DOTALL)


def stub(source: str) -> str:
    """A solution cell as students get it."""
    return _SOLUTION.sub(r"\1raise NotImplementedError()\n", source + "\n").strip("\n")


def source_notebook(exercise: Exercise) -> NotebookNode:
    """The instructor's notebook in nbgrader's form."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.nbformat_minor = 5
    text = exercise.path.read_text(encoding="utf-8")
    for number, (kind, meta, source) in enumerate(cells_of(text, exercise.path)):
        cell = _cell(kind, meta, source)
        if cell is not None:
            cell["id"] = f"cell-{number}"
            notebook.cells.append(cell)
    return notebook


def _cell(kind: str, meta: dict[str, Any], source: str) -> NotebookNode | None:
    grade = meta.get("grade") or {}
    if "solution" in grade:
        return _graded(nbformat.v4.new_code_cell(source), grade["solution"], solution=True)
    if "test" in grade:
        return _graded(nbformat.v4.new_code_cell(source), grade["test"], points=grade["points"])
    if "manual" in grade and meta.get("lang") != "en":
        made = nbformat.v4.new_markdown_cell("### BEGIN SOLUTION\nmodel answer\n### END SOLUTION")
        return _graded(made, grade["manual"], points=grade["points"], solution=True)
    if "snippets" in meta:
        root = Path(__file__).resolve().parents[2] / "book" / "snippets"
        parts = [(root / f"{name}.py").read_text(encoding="utf-8") for name in meta["snippets"]]
        return nbformat.v4.new_code_cell(re.sub(r"^from book\.snippets.*$", "", "\n".join(parts), flags=re.MULTILINE))
    if kind == "code" and "cases" not in meta:
        return nbformat.v4.new_code_cell(source)
    return None


def _graded(cell: NotebookNode, name: str, points: float | None = None, solution: bool = False) -> NotebookNode:
    meta = {"schema_version": 3, "grade_id": name, "solution": solution, "task": False}
    meta |= {"grade": points is not None, "locked": not solution}
    if points is not None:
        meta["points"] = points
    cell.metadata["nbgrader"] = meta
    return cell


def make_course(root: Path, exercise: Exercise) -> NotebookNode:
    """Write the source below `root`, release it, and return the release."""
    config = Config()
    config.CourseDirectory.root = str(root)
    folder = root / "source" / exercise.name
    folder.mkdir(parents=True)
    nbformat.write(source_notebook(exercise), folder / f"{exercise.name}.ipynb")
    answer = NbGraderAPI(config=config).generate_assignment(exercise.name)
    assert answer["success"], answer
    return nbformat.read(root / "release" / exercise.name / f"{exercise.name}.ipynb", 4)


def fill(release: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """A hand-in: the release with some cells filled, by grade id."""
    notebook = copy.deepcopy(release)
    for cell in notebook.cells:
        name = (cell.metadata.get("nbgrader") or {}).get("grade_id")
        if name and name in answers:
            cell.source = answers[name]
    return notebook


def hand_in(root: Path, student: str, name: str, notebook: NotebookNode | bytes | None, stamp: str = "") -> Path:
    """Put a hand-in where nbgrader expects it."""
    folder = root / "submitted" / student / name
    folder.mkdir(parents=True)
    if isinstance(notebook, bytes):
        (folder / f"{name}.ipynb").write_bytes(notebook)
    elif notebook is not None:
        nbformat.write(notebook, folder / f"{name}.ipynb")
    if stamp:
        (folder / "timestamp.txt").write_text(stamp)
    return folder
