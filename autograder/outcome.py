"""What a class has got: read from the gradebook, the graded notebooks and the engine's report, and
shown as a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from autograder import exercise, places
from autograder.places import course_dir


@dataclass(frozen=True)
class Lost:
    """A test cell without its points, and the hint that the student reads, in the language of the
    hand-in.
    """

    test: str
    points: float
    hint: str


@dataclass(frozen=True)
class Result:
    """One graded hand-in; `manual` counts the points that a person still has to give; `incidents`:
    kind and text of what is worth a look, from the engine's report.
    """

    student: str
    language: str
    points: float
    max_points: float
    lost: tuple[Lost, ...]
    manual: float
    incidents: tuple[tuple[str, str], ...] = ()


def reports(assignment: str) -> Path:
    """The folder of the engine's incident report."""
    return course_dir() / "reports" / assignment


def report(assignment: str) -> dict[str, Any]:
    """The incident report as data; empty where stock nbgrader graded."""
    path = reports(assignment) / "incidents.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return data


def results(assignment: str) -> list[Result]:
    """What the gradebook and the graded notebooks say, by student."""
    from nbgrader.api import Gradebook

    url = places.gradebook_url()
    of = exercise.load(assignment)
    incidents = report(assignment).get("incidents", {})
    found = []
    with Gradebook(url) as gradebook:
        for submission in sorted(
            gradebook.assignment_submissions(assignment), key=lambda s: s.student_id
        ):
            path = (
                course_dir()
                / "autograded"
                / submission.student_id
                / assignment
                / f"{assignment}.ipynb"
            )
            if path.is_file():
                grades = submission.notebooks[0].grades
                scores = {grade.name: grade.auto_score for grade in grades}
                waiting = {grade.name for grade in grades if grade.needs_manual_grade}
                graded = _result(of, submission.student_id, scores, waiting, path)
                named = tuple(
                    (entry["kind"], entry["text"]) for entry in incidents.get(graded.student, ())
                )
                found.append(replace(graded, incidents=named))
    return found


def _result(
    of: exercise.Exercise,
    student: str,
    scores: dict[str, float | None],
    waiting: set[str],
    path: Path,
) -> Result:
    import nbformat

    from autograder.feedback.view import language_of, said

    notebook = nbformat.read(path, as_version=4)
    language = language_of(notebook)
    hints = {
        cell.metadata.nbgrader.grade_id: said(cell, language)
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }
    lost = [
        Lost(
            test.id,
            test.points - (scores.get(test.id) or 0),
            hints.get(test.id, "the test cell is missing"),
        )
        for test in of.tests.values()
        if (scores.get(test.id) or 0) < test.points
    ]
    points = sum(scores.get(test) or 0 for test in of.tests)
    manual = sum(worth for name, worth in of.manual.items() if name in waiting)
    return Result(student, language, points, of.points, tuple(lost), manual)


def show(assignment: str, found: list[Result], console: Console) -> None:
    """Print one row per hand-in: points, for each lost cell how many and why, and each incident."""
    table = Table(title=assignment, show_lines=True)
    table.add_column("student", no_wrap=True)
    table.add_column("lang", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("to grade by hand", justify="right")
    table.add_column("reasons, and what is worth a look", overflow="fold")
    for result in found:
        lines = [
            f"−{points:g} {', '.join(tests)}: {hint}"
            for points, tests, hint in _grouped(result.lost)
        ]
        lines += [
            f"⚠ {kind}: {text}" for kind, text in result.incidents if text not in "\n".join(lines)
        ]
        points = f"{result.points:g} / {result.max_points:g}"
        table.add_row(
            result.student,
            result.language,
            points,
            f"{result.manual:g}" if result.manual else "",
            "\n".join(lines),
        )
    console.print(table, markup=False)


def _grouped(lost: tuple[Lost, ...]) -> Iterator[tuple[float, list[str], str]]:
    """Lost cells with the same hint together: points, names, hint."""
    for hint in dict.fromkeys(one.hint for one in lost):
        same = [one for one in lost if one.hint == hint]
        yield (
            sum(one.points for one in same),
            [one.test.removeprefix("test_") for one in same],
            hint,
        )
