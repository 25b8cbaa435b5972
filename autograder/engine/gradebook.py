"""Writes results where nbgrader expects them: the gradebook and the `autograded` tree. One writer
per run.

Theory of operation. Only the coordinator writes, so SQLite needs no lock of ours. A hand-in's
notebook is put in place first (temporary file, fsync, rename), then one transaction writes its
submission, all its grades and comments and its row in the journal. Killed before the commit, the
gradebook knows nothing of the hand-in and the next run does it again, writing the same file; killed
after it, all of it is there. What stock nbgrader does in a dozen commits (SaveAutoGrades,
AssignLatePenalties) runs here unchanged, with its commits held back until ours.

The journal is a table of our own in the gradebook, `autograder_journal`, one row per hand-in: the
fingerprint of everything that the result depends on (hand-in, release, exercise, secret, layers,
this engine's version), the layers of the sandbox that were active, those that were missing with the
instructor's consent, and the incidents. A hand-in whose fingerprint is unchanged is not graded
again.
"""

import contextlib
import hashlib
import hmac
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)  # fmt: skip
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from sqlalchemy import func, or_, text
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from ..errors import GradingError
from . import secret
from .asserts import Source
from .graded import Graded
from .handin import SECRET, Seen, exchange_secret

ENGINE_VERSION = "2"
_JOURNAL = """CREATE TABLE IF NOT EXISTS autograder_journal (
    assignment VARCHAR(128) NOT NULL, student VARCHAR(256) NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    layers TEXT NOT NULL, accepted_missing TEXT NOT NULL, incidents TEXT NOT NULL,
    PRIMARY KEY (assignment, student))"""


def fingerprint(handin: Seen, fixed: Sequence[str], key: bytes) -> str:
    """Of all that a result depends on; `fixed` is what all hand-ins of a run share."""
    parts = [ENGINE_VERSION, handin.digest, handin.stamp or "", handin.facts, *fixed]
    return hmac.new(
        key or b"no secret", "\0".join(parts).encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()


class Writer:
    """Open for one run. `course` is nbgrader's own idea of paths and database."""

    def __init__(self, course: CourseDirectory, assignment: str, config: Any = None) -> None:
        self._course = course
        self._assignment = assignment
        self._config = config
        self._gradebook = Gradebook(course.db_url, course.course_id)
        self._source = Path(course.format_path(course.source_directory, ".", assignment))
        self.notebooks = self._notebook_names()
        if not self.notebooks:
            self._gradebook.close()
            raise GradingError(
                f"{assignment} is not in the gradebook {course.db_url}: nothing can be graded. "
                f"Run `nbgrader generate_assignment {assignment}` first."
            )
        self._gradebook.db.execute(text(_JOURNAL))
        self._gradebook.db.commit()
        self._commit = self._gradebook.db.commit
        self._names = self._cell_names()

    def _notebook_names(self) -> tuple[str, ...]:
        try:
            found = self._gradebook.find_assignment(self._assignment).notebooks
        except MissingEntry:
            return ()
        return tuple(sorted(notebook.name for notebook in found))

    def _cell_names(self) -> dict[str, str]:
        """Grade id of each of the assignment's cells, by its key in the gradebook."""
        found = [self._gradebook.find_notebook(name, self._assignment) for name in self.notebooks]
        return {
            cell.id: cell.name
            for notebook in found
            for cell in (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells)
        }

    def sources(self) -> dict[str, dict[str, Source]]:
        """Each notebook's graded and locked cells as they were when the assignment was generated,
        by grade id.
        """
        found = {}
        for name in self.notebooks:
            notebook = self._gradebook.find_notebook(name, self._assignment)
            points = {
                cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)
            }
            found[name] = {
                cell.name: Source(
                    cell.source, cell.checksum, bool(cell.locked), points.get(cell.name)
                )
                for cell in notebook.source_cells
            }
        self._gradebook.db.rollback()
        return found

    def close(self) -> None:
        """Close the connection."""
        self._gradebook.close()

    def done(self) -> dict[str, str]:
        """Student to fingerprint, of the hand-ins whose graded notebook is in its place and whose
        points are in the gradebook: nbgrader's commands can take a student out of it and add the
        same one again.
        """
        rows = self._rows(
            "SELECT student, fingerprint FROM autograder_journal WHERE assignment = :assignment"
        )
        kept = self._with_points()
        return {
            student: mark for student, mark in rows if student in kept and self._is_placed(student)
        }

    def _is_placed(self, student: str) -> bool:
        return any(self._target(student, name).is_file() for name in self.notebooks)

    def _with_points(self) -> set[str]:
        """Students with a row for each graded cell, each with points or waiting for a person."""
        wanted = sum(
            len(self._gradebook.find_notebook(name, self._assignment).grade_cells)
            for name in self.notebooks
        )
        settled = or_(
            Grade.auto_score.is_not(None), Grade.needs_manual_grade, Grade.manual_score.is_not(None)
        )
        rows = (
            self._gradebook.db.query(SubmittedAssignment.student_id, func.count(Grade.id))
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == self._assignment, settled)
            .group_by(SubmittedAssignment.student_id)
        )
        found = {student for student, count in rows if count >= wanted}
        self._gradebook.db.rollback()
        return found

    def remember_secret(self, value: bytes) -> None:
        """Keep which secret this assignment is graded with."""
        secret.remember(self._gradebook.db, self._assignment, value)

    def incidents(self) -> dict[str, list[dict[str, str]]]:
        """Student to incidents, of all hand-ins graded so far."""
        rows = self._rows(
            "SELECT student, incidents FROM autograder_journal WHERE assignment = :assignment"
        )
        return {student: json.loads(found) for student, found in sorted(rows)}

    def _rows(self, query: str) -> list[Any]:
        rows = list(self._gradebook.db.execute(text(query), {"assignment": self._assignment}))
        self._gradebook.db.rollback()
        return rows

    def _target(self, student: str, notebook: str) -> Path:
        folder = self._course.format_path(
            self._course.autograded_directory, student, self._assignment
        )
        return Path(folder) / f"{notebook}.ipynb"

    def _submitted(self, student: str) -> list[SubmittedNotebook]:
        """Its rows of each notebook. Raises `MissingEntry`."""
        find = self._gradebook.find_submission_notebook
        return [find(name, self._assignment, student) for name in self.notebooks]

    def record(
        self, graded: Graded, mark: str, layers: Sequence[str], accepted_missing: Sequence[str]
    ) -> None:
        """Write one result, all of it or nothing."""
        self._place(graded)
        try:
            with self._one_transaction():
                submission = self._submission(graded)
                self._save_grades(graded)
                self._late_penalty(graded, submission)
                self._journal(graded, mark, layers, accepted_missing)
        except BaseException:
            self._gradebook.db.rollback()
            raise

    def withdraw(self, student: str, mark: str) -> None:
        """Take back the points of an earlier hand-in, where a newer one could not be graded: they
        are not this one's. What a person gave stays.
        """
        before = dict(
            self._rows(
                "SELECT student, fingerprint FROM autograder_journal WHERE assignment = :assignment"
            )
        )
        if student not in before or before[student] == mark:
            return
        try:
            for grade in (
                grade for notebook in self._submitted(student) for grade in notebook.grades
            ):
                if grade.auto_score is not None:
                    grade.auto_score, grade.needs_manual_grade = None, True
            self._gradebook.db.execute(
                text(
                    "UPDATE autograder_journal SET fingerprint = ''"
                    " WHERE assignment = :assignment AND student = :student"
                ),
                {"assignment": self._assignment, "student": student},
            )
            self._gradebook.db.commit()
        except (MissingEntry, SQLAlchemyError):
            self._gradebook.db.rollback()

    def _place(self, graded: Graded) -> None:
        folder = self._target(graded.student, "").parent
        folder.mkdir(parents=True, exist_ok=True)
        handed_in = Path(
            self._course.format_path(
                self._course.submitted_directory, graded.student, self._assignment
            )
        )
        # What nbgrader's exchange keeps beside a hand-in, and `release_feedback` needs to bring its
        # feedback back.
        stamp = f"{graded.stamp}\n" if graded.stamp else ""
        for name, content in (("timestamp.txt", stamp), (SECRET, exchange_secret(handed_in))):
            with contextlib.suppress(FileNotFoundError):
                (folder / name).unlink()
            if content:
                _write(folder / name, content)
        for path in self._source.rglob("*") if self._source.is_dir() else ():
            if (
                path.is_file()
                and path.suffix != ".ipynb"
                and ".ipynb_checkpoints" not in path.parts
            ):
                copy = folder / path.relative_to(self._source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(FileNotFoundError):
                    copy.unlink()
                shutil.copy(path, copy)
        for name in self.notebooks:  # one that a later hand-in lacks is not its
            if name not in graded.notebooks:
                self._target(graded.student, name).unlink(missing_ok=True)
        for name, content in graded.notebooks.items():
            _write(self._target(graded.student, name), content)

    @contextlib.contextmanager
    def _one_transaction(self) -> Iterator[None]:
        """nbgrader's code commits after each cell: hold that back."""
        session = self._gradebook.db
        session.commit = session.flush
        try:
            # nbgrader builds its rows in an order that SQLAlchemy remarks on
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)
                yield
        finally:
            session.commit = self._commit
        session.commit()

    def _submission(self, graded: Graded) -> SubmittedAssignment:
        gradebook = self._gradebook
        gradebook.update_or_create_student(graded.student)
        more = {"timestamp": graded.stamp} if graded.stamp else {}
        return gradebook.update_or_create_submission(self._assignment, graded.student, **more)

    def _save_grades(self, graded: Graded) -> None:
        saver = SaveAutoGrades(config=self._config)
        for found in self._submitted(graded.student):
            if found.name not in graded.notebooks:  # as nbgrader's Autograde does
                for grade in found.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False
                continue
            saver.gradebook = _Rows(found, self._names)
            saver.notebook_id, saver.assignment_id, saver.student_id = (
                found.name,
                self._assignment,
                graded.student,
            )
            for number, cell in enumerate(nbformat.reads(graded.notebooks[found.name], 4).cells):
                saver.preprocess_cell(cell, {}, number)
        self._gradebook.db.flush()  # a penalty is a share of the score, which the database adds up

    def _late_penalty(self, graded: Graded, submission: SubmittedAssignment) -> None:
        """As AssignLatePenalties.preprocess does it, in our transaction."""
        for notebook in self._submitted(graded.student):
            if notebook.name not in graded.notebooks:
                continue
            notebook.late_submission_penalty = None
            if submission.total_seconds_late > 0:
                assigner = AssignLatePenalties(config=self._config)
                assigner.init_plugin()
                late = submission.total_seconds_late
                penalty = assigner.plugin_inst.late_submission_penalty(
                    graded.student, notebook.score, late
                )
                if penalty is not None:
                    notebook.late_submission_penalty = assigner._check_late_penalty(
                        notebook, penalty
                    )

    def _journal(
        self, graded: Graded, mark: str, layers: Sequence[str], accepted: Sequence[str]
    ) -> None:
        row = {
            "assignment": self._assignment, "student": graded.student,
            "fingerprint": "" if graded.spoiled else mark, "layers": " ".join(layers),
            "accepted": " ".join(accepted),
            "incidents": json.dumps(graded.incidents, ensure_ascii=False),
        }  # fmt: skip
        session = self._gradebook.db
        session.execute(
            text(
                "DELETE FROM autograder_journal WHERE assignment = :assignment AND student ="
                " :student"
            ),
            row,
        )
        session.execute(
            text(
                "INSERT INTO autograder_journal (assignment, student, fingerprint, layers,"
                " accepted_missing, incidents) VALUES (:assignment, :student, :fingerprint,"
                " :layers, :accepted, :incidents)"
            ),
            row,
        )


class _Rows:
    """What SaveAutoGrades asks of a gradebook, for one submitted notebook: its rows are fetched
    once, where nbgrader joins seven tables for each cell.
    """

    def __init__(self, notebook: SubmittedNotebook, names: dict[str, str]) -> None:
        self._grades = {names[grade.cell_id]: grade for grade in notebook.grades}
        self._comments = {names[comment.cell_id]: comment for comment in notebook.comments}
        self.db = self  # of which only `commit` is called

    def commit(self) -> None:
        """Leave it to the one transaction."""

    def find_grade(self, cell: str, *_: str) -> Grade:
        return self._find(self._grades, "grade", cell)

    def find_comment(self, cell: str, *_: str) -> Comment:
        return self._find(self._comments, "comment", cell)

    def _find(self, rows: dict[str, Any], what: str, cell: str) -> Any:
        if cell not in rows:
            raise MissingEntry(f"No {what} for the cell {cell}: release the assignment again.")
        return rows[cell]


def _write(path: Path, content: str) -> None:
    """Put a file in place whole, read-only as nbgrader leaves it."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o444)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
