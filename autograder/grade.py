"""`python -m autograder.grade ASSIGNMENT [SUBMISSIONS]`: grade a class with nbgrader, print points
and reasons.

Without SUBMISSIONS the sample class is graded: those answers of the library that have a student id,
in their language's edition. SUBMISSIONS is a folder or a zip file: folders
`<student>/<assignment>/<assignment>.ipynb` or `<student>/<any>.ipynb`, or what an LMS exports, as
it is (see engine/names.py). The class's tree is `$COURSE_DIR`, by default `class/`; the sample
class has one of its own, `_build/sample`. Run again, only what is new or changed is graded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from rich.console import Console
from rich.table import Table

from autograder import exercise, places, settings, submitted
from autograder.engine import secret, terminal
from autograder.engine.collect import gather, keep_said, lms_note
from autograder.engine.handin import LMS_FILE
from autograder.engine.unpack import ARCHIVES, kind
from autograder.errors import AutograderError, GradingError
from autograder.exercise import ROOT
from autograder.feedback.view import language_of, said
from autograder.places import course_dir

HERE = Path(__file__).resolve().parent
LANGUAGES = ("ko", "en")
_NBGRADER = (
    "import autograder, runpy; runpy.run_module('nbgrader', run_name='__main__', alter_sys=True)"
)


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


def nbgrader(
    command: str, assignment: str, *options: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run an nbgrader command in this folder, where its configuration is. Raises `GradingError`
    with its last lines.
    """
    done = _run("-c", _NBGRADER, command, assignment, *options)
    if check and done.returncode:
        raise GradingError(
            f"nbgrader {command} {assignment} failed; nothing after it was done:\n{_tail(done)}"
        )
    return done


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the folder of nbgrader's configuration."""
    places.prepare()
    streams = terminal.hand_on()
    streams["env"]["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=HERE, capture_output=True, text=True, stdin=subprocess.DEVNULL, **streams
    )


def _tail(done: subprocess.CompletedProcess[str]) -> str:
    return "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])


def release(assignment: str) -> bool:
    """Generate the released assignment where it is missing or older than its source; True when it
    was.
    """
    lang = settings.COURSE_LANG()
    source = ROOT / "solutions" / lang / assignment / f"{assignment}.ipynb"
    released = course_dir() / "release" / assignment / source.name
    if not source.is_file():
        raise GradingError(f"{source} is missing: nothing to release. Run `make notebooks`.")
    if released.is_file() and released.stat().st_mtime >= source.stat().st_mtime:
        return False
    nbgrader("generate_assignment", assignment, "--force")
    return True


def collect(assignment: str, submissions: Path) -> list[str]:
    """Bring hand-ins into `submitted/`; returns what is worth a look. Raises `GradingError` when
    there are none.
    """
    if (course_dir() / submitted.SAMPLE_MARK).exists():
        raise GradingError(
            f"{course_dir()} holds the sample class, whose students would stand in your gradebook"
            " and your export. Set COURSE_DIR to another folder, or leave it unset."
        )
    if not submissions.is_dir() and not (
        submissions.is_file() and kind(submissions.name) in ARCHIVES
    ):
        raise GradingError(
            f"{submissions} is no folder and no zip file: no hand-ins. Give what holds them."
        )
    downloaded = course_dir() / "downloaded" / assignment
    downloaded.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=downloaded, prefix=".unpacked-") as tree:
        found, incidents = gather(submissions, Path(tree), assignment)
        for work in found:
            notebooks = {
                name: path.read_bytes() for name, path in work.notebooks(assignment).items()
            }
            submitted.submit_files(
                assignment,
                work.student,
                notebooks,
                {"timestamp.txt": work.stamp, LMS_FILE: lms_note(work)},
            )
    keep_said(downloaded, incidents)
    if not any((course_dir() / "submitted").glob(f"*/{assignment}/*.ipynb")):
        why = "".join(f"\n{incident}" for incident in incidents)
        raise GradingError(
            f"no hand-in of {assignment} in {submissions}: expected <student>/{assignment}.ipynb, "
            f"<student>_{assignment}.ipynb or zip files.{why}"
        )
    return incidents


def autograde(assignment: str, *, everything: bool) -> list[str]:
    """Grade what is not graded yet; the names of students whose hand-in could not be graded. Raises
    `GradingError` with the engine's last lines when it ended before it could say so.
    """
    report = reports(assignment) / "incidents.json"
    before = report.stat().st_mtime_ns if report.is_file() else 0
    force = ["--force"] if everything else []
    if settings.STOCK():
        nbgrader("autograde", assignment, "--create", *force, check=False)
    else:  # what nbgrader's command would start, without nbgrader's start
        done = _run("-m", "autograder", "grade", assignment, *force, *settings.engine_options())
        if done.returncode and (report.stat().st_mtime_ns if report.is_file() else 0) == before:
            raise GradingError(f"grading {assignment} failed; nothing was graded:\n{_tail(done)}")
    handed_in = {
        unicodedata.normalize("NFC", path.parent.name)
        for path in (course_dir() / "submitted").glob(f"*/{assignment}")
    }
    graded = {
        path.parent.parent.name
        for path in (course_dir() / "autograded").glob(f"*/{assignment}/*.ipynb")
    }
    return sorted(handed_in - graded)


def feedback(assignment: str) -> list[str]:
    """Write the feedback pages that are missing or out of date; says for whom there is none."""
    done = nbgrader("generate_feedback", assignment, check=False)
    graded = {
        path.parent.parent.name
        for path in (course_dir() / "autograded").glob(f"*/{assignment}/*.ipynb")
    }
    written = {
        path.parent.parent.name
        for path in (course_dir() / "feedback").glob(f"*/{assignment}/*.html")
    }
    if done.returncode and graded == written:
        return [
            f"nbgrader generate_feedback {assignment} failed; pages may be out of"
            f" date:\n{_tail(done)}"
        ]
    return [
        f"{student}: no feedback page could be made; `nbgrader generate_feedback {assignment}"
        f" --student={student}` says why"
        for student in sorted(graded - written)
    ]


def reports(assignment: str) -> Path:
    """The folder of the engine's incident report."""
    return course_dir() / "reports" / assignment


def _report(assignment: str) -> dict[str, Any]:
    """The incident report as data; empty where stock nbgrader graded."""
    path = reports(assignment) / "incidents.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return data


def results(assignment: str) -> list[Result]:
    """What the gradebook and the graded notebooks say, by student."""
    from nbgrader.api import Gradebook

    url = places.gradebook_url()
    of = exercise.load(assignment)
    incidents = _report(assignment).get("incidents", {})
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


def main(arguments: list[str]) -> int:
    """Grade a class; 1 when a hand-in could not be graded."""
    if not 1 <= len(arguments) <= 2:
        print("usage: python -m autograder.grade ASSIGNMENT [SUBMISSIONS]", file=sys.stderr)
        return 2
    assignment, console = arguments[0], Console(width=None if sys.stdout.isatty() else 140)
    exercise.load(assignment)  # an unknown name stops here, and names the known ones
    if len(arguments) == 1 and not settings.COURSE_DIR.is_set():
        os.environ["COURSE_DIR"] = str(places.SAMPLE)
    everything, incidents = release(assignment), []
    if len(arguments) == 2:
        incidents = collect(assignment, Path(arguments[1]))
        for line in secret.notes(places.gradebook_url(), assignment, settings.SECRET()):
            console.print(line, style="bold", soft_wrap=True, highlight=False, markup=False)
    else:
        submitted.submit_sample(assignment)
    failed = autograde(assignment, everything=everything)
    without = feedback(assignment)
    show(assignment, results(assignment), console)
    for incident in incidents:
        console.print(incident, markup=False)
    reasons = _report(assignment).get("failed", {})
    failed = sorted({*failed, *reasons})
    for student in failed:
        again = f"run `nbgrader autograde {assignment} --student={student}` to try again"
        console.print(
            f"{student}: could not be graded ({reasons.get(student, 'see below')}); {again}",
            markup=False,
        )
    for line in without:
        console.print(line, highlight=False, markup=False)
    if (page := reports(assignment) / "incidents.html").is_file():
        console.print(f"report: {page}", soft_wrap=True, highlight=False, markup=False)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except AutograderError as problem:
        sys.exit(str(problem))
