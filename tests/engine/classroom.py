"""A released course shared by the tests of one process, and classes made from it."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import text
from traitlets.config import Config

from autograder import exercise
from autograder.engine.classrun import Options, Outcome, grade_class
from autograder.exercise import Exercise
from autograder.kernels.handle import ForkServer

from . import course

NAME = "ex02_gap_three_ways"


class Classroom:
    """A course tree. `release` is shared; each `copy` has its own hand-ins and gradebook."""

    server: ForkServer | None = None
    db_url = ""  # of another gradebook than the tree's own

    def __init__(self, root: Path, release: NotebookNode, of: Exercise) -> None:
        self.root, self.release, self.exercise = root, release, of

    @classmethod
    def make(cls, root: Path, name: str = NAME) -> "Classroom":
        of = exercise.load(name)
        return cls(root, course.make_course(root, of), of)

    def copy(self, root: Path) -> "Classroom":
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return Classroom(root, self.release, self.exercise)

    @property
    def directory(self) -> CourseDirectory:
        other = {"db_url": self.db_url} if self.db_url else {}
        return CourseDirectory(
            config=Config({"CourseDirectory": {"root": str(self.root), **other}})
        )

    def filled(self, changes: Mapping[str, str] | None = None) -> NotebookNode:
        """The right answer, with some cells replaced."""
        return course.fill(self.release, {**self.exercise.solutions, **(changes or {})})

    def hand_in(
        self, student: str, notebook: NotebookNode | bytes | None = None, stamp: str = ""
    ) -> Path:
        given = self.filled() if notebook is None else notebook
        return course.hand_in(self.root, student, self.exercise.name, given, stamp)

    def grade(self, **options: Any) -> Outcome:
        """Grade with two workers, on the tests' shared fork server."""
        return grade_class(
            self.directory, self.exercise.name, Options(workers=2, **options), server=self.server
        )

    def rows(self) -> list[tuple[Any, ...]]:
        """Everything that the gradebook says about hand-ins, without its random ids, and the
        journal.
        """
        found: list[tuple[Any, ...]] = []
        with Gradebook(self.directory.db_url) as book:
            for submission in book.assignment_submissions(self.exercise.name):
                found.append(
                    ("submission", submission.student_id, submission.timestamp, submission.score)
                )
                for notebook in submission.notebooks:
                    found.append(("late", submission.student_id, notebook.late_submission_penalty))
                    for grade in notebook.grades:
                        scores = (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                        found.append(("grade", submission.student_id, grade.name, *scores))
                    for comment in notebook.comments:
                        found.append(
                            ("comment", submission.student_id, comment.name, comment.auto_comment)
                        )
            for row in book.db.execute(text("SELECT * FROM autograder_journal")):
                found.append(("journal", *row))
        return sorted(found, key=repr)

    def scores(self) -> dict[str, dict[str, float]]:
        """Student to test to points."""
        found: dict[str, dict[str, float]] = {}
        for kind, student, *rest in self.rows():
            if kind == "grade" and rest[0] in self.exercise.tests:
                found.setdefault(student, {})[rest[0]] = rest[1]
        return found

    def hints(self, student: str) -> dict[str, str]:
        """Test to what the student reads about it, both languages; without those that passed."""
        name = self.exercise.name
        path = self.root / "autograded" / student / name / f"{name}.ipynb"
        if not path.is_file():
            return {}
        found = {}
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code" and (
                test := (cell.metadata.get("nbgrader") or {}).get("grade_id")
            ):
                found[test] = "\n".join(entry.get("evalue", "") for entry in cell.outputs)
        return found
