"""nbgrader's own commands over what the engine has graded: nothing that they expect is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import grade, outcome, submitted
from autograder.engine import hook
from autograder.errors import GradingError
from autograder.exercise import ROOT

from .classroom import NAME, Classroom

PLUGIN = """from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float


class TenPerDay(LateSubmissionPlugin):
    points = Float(0).tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return self.points
"""


@pytest.fixture
def course(classroom: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    """A class tree that nbgrader's commands work on, with the release of this process."""
    monkeypatch.setenv("COURSE_DIR", str(classroom.root))
    # the student's cache of hand-ins
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("COURSE_SECRET", "of this test")
    for name in ("COURSE_DB", "COURSE_LANG", "AUTOGRADER_STOCK", "COURSE_EXCHANGE"):
        monkeypatch.delenv(name, raising=False)
    return classroom


def db(*arguments: str) -> None:
    subprocess.run(
        [f"{ROOT}/.venv/bin/nbgrader", "db", *arguments],
        cwd=ROOT / "autograder",
        check=True,
        capture_output=True,
    )


def test_a_student_removed_and_added_again_is_graded_again(classroom: Classroom) -> None:
    classroom.hand_in("anna")
    classroom.hand_in("bora")
    classroom.grade()
    before = classroom.scores()
    with Gradebook(classroom.directory.db_url) as book:
        book.remove_student("anna")
        book.add_student("anna")
    outcome = classroom.grade()
    assert [done.student for done in outcome.graded] == ["anna"] and outcome.skipped == ["bora"]
    assert classroom.scores() == before


def test_a_grade_that_lost_its_points_is_given_again(classroom: Classroom) -> None:
    classroom.hand_in("anna")
    classroom.grade()
    before = classroom.scores()
    with Gradebook(classroom.directory.db_url) as book:
        book.find_grade("test_gap_mean", NAME, NAME, "anna").auto_score = None
        book.db.commit()
    classroom.grade()
    assert classroom.scores() == before


def test_the_exchange_takes_a_hand_in_and_brings_its_feedback_back(
    course: Classroom, tmp_path: Path
) -> None:
    grade.nbgrader("release_assignment", NAME)
    me = tmp_path / "me"
    me.mkdir()
    config = (
        'c.CourseDirectory.course_id = "from-pooling-to-gap"\nc.Exchange.root ='
        f' "{course.root}/exchange"\n'
    )
    (me / "nbgrader_config.py").write_text("c = get_config()\n" + config)

    def student(*command: str) -> str:
        program = [f"{ROOT}/.venv/bin/nbgrader", *command]
        return subprocess.run(program, cwd=me, check=True, capture_output=True, text=True).stderr

    student("fetch_assignment", NAME)
    student("submit", NAME)
    course.hand_in("by-an-lms")
    grade.nbgrader("collect", NAME)
    assert grade.autograde(NAME) == []
    (mine,) = [
        path.parts[-3]
        for path in (course.root / "autograded").glob(f"*/{NAME}/submission_secret.txt")
    ]
    report = (course.root / "reports" / NAME / "incidents.html").read_text()
    assert "submission_secret" not in report
    grade.nbgrader("generate_feedback", NAME)
    released = grade.nbgrader("release_feedback", NAME)
    assert (
        "Not handed in through the exchange, so not returned through it: by-an-lms"
        in released.stderr
    )
    student("fetch_feedback", NAME)
    (page,) = (me / NAME / "feedback").glob("*/*.html")
    assert (
        page.read_bytes() == (course.root / "feedback" / mine / NAME / f"{NAME}.html").read_bytes()
    )
    listed = student("list", "--inbound", NAME)
    assert NAME in listed


@pytest.mark.parametrize(
    "lines",
    [
        'sys.path.insert(0, "{folder}")\nc.AssignLatePenalties.plugin_class = "latepol.TenPerDay"',
        (
            'sys.path.insert(0, "{folder}")\nfrom latepol import'
            " TenPerDay\nc.AssignLatePenalties.plugin_class = TenPerDay"
        ),
        PLUGIN + "c.AssignLatePenalties.plugin_class = TenPerDay",
    ],
    ids=["by name, with a path", "as a class", "written in the configuration"],
)
def test_a_late_penalty_is_taken_in_every_form_that_nbgrader_takes(
    course: Classroom, tmp_path: Path, lines: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "latepol.py").write_text(PLUGIN)
    own = tmp_path / "instructor"
    own.mkdir()
    theirs = (
        (ROOT / "autograder" / "nbgrader_config.py")
        .read_text()
        .replace("Path(__file__).resolve().parent.parent", f'Path("{ROOT}")')
    )
    (own / "nbgrader_config.py").write_text(
        theirs + "\n" + lines.replace("{folder}", str(tmp_path)) + "\nc.TenPerDay.points = 7.0\n"
    )
    with Gradebook(course.directory.db_url) as book:
        book.update_or_create_assignment(NAME, duedate="2026-01-01 00:00:00")
    course.hand_in("late", stamp="2026-01-02 00:00:00 UTC")
    command = [f"{ROOT}/.venv/bin/nbgrader", "autograde", NAME, "--create"]
    done = subprocess.run(command, cwd=own, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with Gradebook(course.directory.db_url) as book:
        assert book.find_submission(NAME, "late").late_submission_penalty == 7


def test_export_goes_beside_the_gradebook_and_not_into_the_repository(course: Classroom) -> None:
    grade.nbgrader("export", NAME)
    assert (course.root / "grades.csv").is_file() and not (
        ROOT / "autograder" / "grades.csv"
    ).exists()


def test_a_new_gradebook_is_marked_as_the_command_alembic_would_have_it() -> None:
    assert hook._newest_schema() == hook._stock_version()


def test_a_run_that_ends_before_it_could_report_says_why(course: Classroom) -> None:
    course.hand_in("anna")
    shutil.rmtree(course.root / "release")
    with pytest.raises(GradingError, match=r"is missing: nothing to compare with\. Run `nbgrader"):
        grade.autograde(NAME)


def test_a_graded_short_answer_no_longer_waits(course: Classroom) -> None:
    course.hand_in("anna", course.filled({"short_answer": "GAP forgets the place."}))
    grade.autograde(NAME)
    (waiting,) = outcome.results(NAME)
    with Gradebook(course.directory.db_url) as book:
        given = book.find_grade("short_answer", NAME, NAME, "anna")
        given.manual_score, given.needs_manual_grade = 8, False
        book.db.commit()
    (settled,) = outcome.results(NAME)
    assert (waiting.manual, settled.manual) == (10, 0)


def test_the_sample_class_and_a_real_one_never_share_a_tree(
    course: Classroom, tmp_path: Path
) -> None:
    (course.root / submitted.SAMPLE_MARK).touch()
    with pytest.raises(GradingError, match="holds the sample class"):
        grade.collect(NAME, tmp_path)
    assert os.environ["COURSE_DIR"] == str(course.root)
