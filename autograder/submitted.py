"""Puts hand-ins into the class's tree: a student's, or those of the sample class."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from autograder import places
from autograder.errors import GradingError
from autograder.exercise import ROOT
from autograder.places import course_dir

if TYPE_CHECKING:
    from autograder.answers import Answer

LANGUAGES = ("ko", "en")
SAMPLE_MARK = ".sample-class"  # lies in a tree that holds the sample class


def submit(assignment: str, student: str, content: bytes) -> None:
    """Put a hand-in of one notebook into `submitted/`; see `submit_files`."""
    submit_files(assignment, student, {f"{assignment}.ipynb": content})


def submit_files(
    assignment: str, student: str, notebooks: dict[str, bytes], notes: dict[str, str] | None = None
) -> None:
    """Put a hand-in into `submitted/`; a changed one loses its old grading, so that it is graded
    anew. `notes`: files beside it, name to text; empty ones are not there.
    """
    folder = course_dir() / "submitted" / student / assignment
    for name, text in (notes or {}).items():
        (folder / name).unlink(missing_ok=True)
        if text:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    present = {path.name: path for path in folder.glob("*.ipynb")}
    if {name: path.read_bytes() for name, path in present.items()} == notebooks:
        return
    for path in present.values():
        path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in notebooks.items():
        (folder / name).write_bytes(content)
    shutil.rmtree(course_dir() / "autograded" / student / assignment, ignore_errors=True)


def sample_class(assignment: str) -> list[Answer]:
    """The library's answers that belong to the sample class. Raises `GradingError` when there are
    none.
    """
    from autograder import answers  # which imports torch

    found = [answer for answer in answers.load_answers(assignment) if answer.student]
    if not found:
        raise GradingError(
            f"no answer in {answers.ANSWERS / assignment} has a `student`: there is no sample"
            " class."
        )
    return found


def submit_sample(assignment: str) -> None:
    """Hand in the sample class. Raises `GradingError` in a course tree that holds other
    students.
    """
    import nbformat

    from autograder import answers

    chosen = sample_class(assignment)
    places.prepare()
    submitted, mark = course_dir() / "submitted", course_dir() / SAMPLE_MARK
    others = (
        {path.name for path in submitted.iterdir()}
        if submitted.is_dir() and not mark.exists()
        else set()
    )
    if strangers := others - {answer.student for answer in chosen}:
        raise GradingError(
            f"{submitted} holds other students ({', '.join(sorted(strangers)[:3])}); the sample"
            " class stays out of a real one. Set COURSE_DIR to another folder, or give the folder"
            " of hand-ins: make grade S=…"
        )
    mark.touch()
    released = {}
    for lang in LANGUAGES:
        path = ROOT / "notebooks" / lang / f"{assignment}.ipynb"
        if not path.is_file():
            raise GradingError(
                f"{path} is missing: the sample class has nothing to fill in. Run `make notebooks`."
            )
        released[lang] = nbformat.read(path, as_version=4)
    for answer in chosen:
        notebook = answers.notebook(answer, released[answer.language])
        submit(assignment, str(answer.student), nbformat.writes(notebook).encode("utf-8"))
