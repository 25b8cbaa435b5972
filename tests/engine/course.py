"""A small course for the engine's tests: an exercise of the course, its release, and hand-ins."""

import copy
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder.exercise import Exercise

# A new gradebook calls `alembic`, which lies beside the interpreter.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
ROOT = Path(__file__).resolve().parents[2]


def make_course(root: Path, exercise: Exercise) -> NotebookNode:
    """Copy the Korean edition's source below `root`, release it, and return the release."""
    config = Config()
    config.CourseDirectory.root = str(root)
    shutil.copytree(ROOT / "solutions" / "ko" / exercise.name, root / "source" / exercise.name)
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


def hand_in(
    root: Path, student: str, name: str, notebook: NotebookNode | bytes | None, stamp: str = ""
) -> Path:
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
