"""`python -m autograder.grade ASSIGNMENT [SUBMISSIONS]`: grade a class with nbgrader, print points
and reasons.

Without SUBMISSIONS the sample class is graded: those answers of the library that have a student id,
in their language's edition. SUBMISSIONS is a folder or a zip file: folders
`<student>/<assignment>/<assignment>.ipynb` or `<student>/<any>.ipynb`, or what an LMS exports, as
it is (see engine/names.py). The class's tree is `$COURSE_DIR`, by default `class/`; the sample
class has one of its own, `_build/sample`. Run again, only what is new or changed is graded.

All in one process, but for the feedback pages. As in engine/__main__.py the fork server starts
before anything large is imported; the assignment is generated and handed in meanwhile.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from autograder import exercise, places, settings, submitted
from autograder.__main__ import leave
from autograder.engine import __main__ as engine
from autograder.engine import terminal
from autograder.engine.options import Options
from autograder.errors import AutograderError, GradingError
from autograder.exercise import ROOT
from autograder.outcome import report, reports, results, show
from autograder.places import course_dir

if TYPE_CHECKING:
    from traitlets.config import Config

HERE = Path(__file__).resolve().parent
_NBGRADER = (
    "import autograder, runpy; runpy.run_module('nbgrader', run_name='__main__', alter_sys=True)"
)


def nbgrader(
    command: str, assignment: str, *options: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run an nbgrader command in this folder, where its configuration is. Raises `GradingError`
    with its last lines.
    """
    places.prepare()
    streams = terminal.hand_on()
    streams["env"]["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", _NBGRADER, command, assignment, *options],
        cwd=HERE, capture_output=True, text=True, stdin=subprocess.DEVNULL, **streams,
    )  # fmt: skip
    if check and done.returncode:
        raise _failed(command, assignment, done.stdout + done.stderr)
    return done


def _failed(command: str, assignment: str, said: str) -> GradingError:
    return GradingError(
        f"nbgrader {command} {assignment} failed; nothing after it was done:\n{_tail(said)}"
    )


def _tail(said: str) -> str:
    return "\n".join(said.strip().splitlines()[-12:])


def _config() -> Config:
    """nbgrader's configuration, of this folder."""
    return engine.load_config(
        json.dumps({"config": {}, "files": [str(HERE / "nbgrader_config.py")]})
    )


def _converted(command: str, assignment: str, **options: bool) -> str:
    """Run a command of nbgrader's in this process; why it failed, empty if it did not."""
    from nbgrader.apps import NbGraderAPI

    done = getattr(NbGraderAPI(config=_config()), command)(assignment, **options)
    return "" if done["success"] else str(done.get("log") or done["error"])


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
    if problem := _converted("generate_assignment", assignment, force=True):
        raise _failed("generate_assignment", assignment, problem)
    return True


def collect(assignment: str, submissions: Path) -> list[str]:
    """Bring hand-ins into `submitted/`; returns what is worth a look. Raises `GradingError` when
    there are none.
    """
    from autograder.engine import collect as found_by
    from autograder.engine.handin import LMS_FILE
    from autograder.engine.unpack import ARCHIVES, kind

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
        found, incidents = found_by.gather(submissions, Path(tree), assignment)
        for work in found:
            notebooks = {
                name: path.read_bytes() for name, path in work.notebooks(assignment).items()
            }
            submitted.submit_files(
                assignment,
                work.student,
                notebooks,
                {"timestamp.txt": work.stamp, LMS_FILE: found_by.lms_note(work)},
            )
    found_by.keep_said(downloaded, incidents)
    if not any((course_dir() / "submitted").glob(f"*/{assignment}/*.ipynb")):
        why = "".join(f"\n{incident}" for incident in incidents)
        raise GradingError(
            f"no hand-in of {assignment} in {submissions}: expected <student>/{assignment}.ipynb, "
            f"<student>_{assignment}.ipynb or zip files.{why}"
        )
    return incidents


def autograde(
    assignment: str, console: Console | None = None, *, first: Callable[[], bool] = lambda: False
) -> list[str]:
    """Grade what is not graded yet; the names of students whose hand-in could not be graded.
    `first` is called before, while the fork server starts: True has all graded anew. Raises
    `GradingError` when grading ended before it could say so.
    """
    if settings.STOCK():
        force = ["--force"] if first() else []
        nbgrader("autograde", assignment, "--create", *force, check=False)
    else:
        options = Options(**settings.options())
        console = console or Console(quiet=True)
        outcome, _ = engine.grade(assignment, options, _config, console, first)
        engine.told_of_layers(outcome, console)
    handed_in = {
        unicodedata.normalize("NFC", path.parent.name)
        for path in (course_dir() / "submitted").glob(f"*/{assignment}")
    }
    return sorted(handed_in - set(_students("autograded", assignment, "ipynb")))


def _students(step: str, assignment: str, ending: str) -> Iterator[str]:
    """Who has a file in a step's folder."""
    for path in (course_dir() / step).glob(f"*/{assignment}/*.{ending}"):
        yield path.parent.parent.name


def feedback(assignment: str) -> list[str]:
    """Write the feedback pages that are missing or out of date; says for whom there is none. In a
    process apart: pages hold what students wrote.
    """
    how = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
    apart = multiprocessing.get_context(how)
    with ProcessPoolExecutor(1, apart) as pool:
        try:
            work = pool.submit(_converted, "generate_feedback", assignment, force=False)
            problem = work.result()
        except BrokenProcessPool:
            problem = "its process ended"
    graded = set(_students("autograded", assignment, "ipynb"))
    without = graded - set(_students("feedback", assignment, "html"))
    if problem and not without:
        return [
            f"nbgrader generate_feedback {assignment} failed; pages may be out of"
            f" date:\n{_tail(problem)}"
        ]
    return [
        f"{student}: no feedback page could be made; `nbgrader generate_feedback {assignment}"
        f" --student={student}` says why"
        for student in sorted(without)
    ]


@click.command()
@click.argument("assignment")
@click.argument("submissions", required=False, type=click.Path(path_type=Path))
def command(assignment: str, submissions: Path | None) -> int:
    """Grade the hand-ins of ASSIGNMENT in SUBMISSIONS, a folder or a zip file as an LMS exports it;
    without SUBMISSIONS, the sample class.

    Prints points and reasons; writes the gradebook, the graded notebooks, feedback pages and a
    report of what is worth a look into the class's tree, $COURSE_DIR. Exit status 1: some hand-in
    could not be graded.
    """
    console = Console(width=None if sys.stdout.isatty() else 140)
    exercise.load(assignment)  # an unknown name stops here, and names the known ones
    if submissions is None and not settings.COURSE_DIR.is_set():
        os.environ["COURSE_DIR"] = str(places.SAMPLE)
    incidents: list[str] = []

    def hand_in() -> bool:
        everything = release(assignment)
        if submissions is None:
            submitted.submit_sample(assignment)
        else:
            incidents.extend(collect(assignment, submissions))
        return everything

    of_class = Console(quiet=True) if submissions is None else console
    failed = autograde(assignment, of_class, first=hand_in)
    without = feedback(assignment)
    show(assignment, results(assignment), console)
    for incident in incidents:
        console.print(incident, markup=False)
    reasons = report(assignment).get("failed", {})
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


def main(arguments: list[str]) -> int:
    """Grade a class; 1 when a hand-in could not be graded. Raises `AutograderError`."""
    try:
        name = "python -m autograder.grade"
        return int(command.main(arguments, prog_name=name, standalone_mode=False) or 0)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code


if __name__ == "__main__":
    try:
        leave(SystemExit(main(sys.argv[1:])))
    except AutograderError as problem:
        sys.exit(str(problem))
