"""A term, played with the commands that an instructor and a student give: two assignments, twenty
students, hand-ins over the exchange and from an LMS, late ones, a resubmission, points by hand, a
student removed and added again, feedback returned and read on a phone, and the table of grades at
the end.
"""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import sync_playwright

from autograder import answers
from autograder.exercise import ROOT

sys.path.append(str(ROOT / "tests" / "site"))
from browsing import chromium_options

pytestmark = pytest.mark.browser
FIRST, SECOND = "ex02_gap_three_ways", "ex07_shared_features"
STUDENTS = [f"2026{number:04}" for number in range(1, 21)]
LATE, AGAIN, REMOVED = STUDENTS[3], STUDENTS[5], STUDENTS[7]
PLUGIN = """
from nbgrader.plugins import LateSubmissionPlugin


class FivePoints(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 5


c.AssignLatePenalties.plugin_class = FivePoints
"""


@dataclass
class Term:
    """An instructor's folder with a configuration of its own, and what they have given out."""

    folder: Path
    given: dict[tuple[str, str], answers.Answer]

    @property
    def course(self) -> Path:
        return self.folder / "course"

    def run(self, *command: str, cwd: Path | None = None) -> str:
        program = [sys.executable, "-m", *command]
        done = subprocess.run(program, cwd=cwd or self.folder, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def nbgrader(self, *command: str) -> str:
        return self.run("nbgrader", *command)

    def notebook(self, assignment: str, answer: answers.Answer, text: str = "") -> str:
        released = nbformat.read(ROOT / "notebooks" / answer.language / f"{assignment}.ipynb", 4)
        made = answers.notebook(answer, released)
        made.cells[-1].source = text or made.cells[-1].source
        return nbformat.writes(made)

    def page(self, assignment: str, student: str) -> str:
        return (self.course / "feedback" / student / assignment / f"{assignment}.html").read_text(
            "utf-8"
        )

    def scores(self, assignment: str) -> dict[str, float]:
        with Gradebook(f"sqlite:///{self.course}/gradebook.db") as book:
            return {
                found.student_id: found.score for found in book.assignment_submissions(assignment)
            }


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    folder = tmp_path_factory.mktemp("term")
    config = (ROOT / "autograder" / "nbgrader_config.py").read_text("utf-8")
    config = config.replace("Path(__file__).resolve().parent.parent", f'Path("{ROOT}")')
    (folder / "nbgrader_config.py").write_text(config + PLUGIN, "utf-8")
    library = {name: answers.load_answers(name) for name in (FIRST, SECOND)}
    given = {
        (name, student): library[name][number % len(library[name])]
        for name in library
        for number, student in enumerate(STUDENTS)
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in ("COURSE_DB", "COURSE_LANG", "COURSE_EXCHANGE", "AUTOGRADER_STOCK"):
            patch.delenv(name, raising=False)
        patch.setenv("COURSE_DIR", str(folder / "course"))
        patch.setenv("COURSE_SECRET", "of this term")
        patch.setenv("JUPYTER_DATA_DIR", str(folder / "jupyter"))
        patch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{_lighter_start(folder / 'start')}")
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        yield Term(folder, given)


def _lighter_start(folder: Path) -> Path:
    """A folder for Python's path that keeps jsonschema from compiling a grammar whenever one of
    thirty commands starts: a second of each, for nothing that is shown here.
    """
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import sys\n\nsys.modules['rfc3987_syntax'] = None\n")
    return folder


def test_a_term(term: Term) -> None:
    _first_assignment_comes_from_an_lms(term)
    _a_person_grades_and_the_feedback_follows(term)
    _a_resubmission_keeps_what_the_person_gave(term)
    _a_student_is_removed_and_added_again(term)
    _second_assignment_goes_over_the_exchange_and_back(term)
    _grades_at_the_end(term)
    _feedback_is_read_on_a_phone(term)


def _first_assignment_comes_from_an_lms(term: Term) -> None:
    handed_in = term.folder / "과제 2 제출"
    for student in STUDENTS:
        text = "It forgets the place." if student == AGAIN else ""
        place = handed_in / student / f"{FIRST}.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(term.notebook(FIRST, term.given[FIRST, student], text), "utf-8")
    said = term.run("autograder.grade", FIRST, str(handed_in), cwd=ROOT)
    assert "could not" not in said
    assert term.scores(FIRST) == {
        student: term.given[FIRST, student].points for student in STUDENTS
    }


def _a_person_grades_and_the_feedback_follows(term: Term) -> None:
    with Gradebook(f"sqlite:///{term.course}/gradebook.db") as book:
        written = book.find_grade("short_answer", FIRST, FIRST, AGAIN)
        assert written.needs_manual_grade
        written.manual_score, written.needs_manual_grade = 8, False
        book.find_comment(
            "short_answer", FIRST, FIRST, AGAIN
        ).manual_comment = "A good **example**."
        book.db.commit()
    kept = term.course / "feedback" / STUDENTS[0] / FIRST / f"{FIRST}.html"
    before = kept.stat().st_mtime_ns
    term.nbgrader("generate_feedback", FIRST)
    assert "A good <strong>example</strong>." in term.page(FIRST, AGAIN)
    assert kept.stat().st_mtime_ns == before


def _a_resubmission_keeps_what_the_person_gave(term: Term) -> None:
    better = next(answer for answer in answers.load_answers(FIRST) if answer.points == 90)
    again = term.folder / "again"
    (again / AGAIN).mkdir(parents=True)
    (again / AGAIN / f"{FIRST}.ipynb").write_text(
        term.notebook(FIRST, better, "It forgets the place."), "utf-8"
    )
    said = term.run("autograder.grade", FIRST, str(again), cwd=ROOT)
    assert term.scores(FIRST)[AGAIN] == 98
    assert f">{98} / 100<" in term.page(FIRST, AGAIN) and "could not" not in said


def _a_student_is_removed_and_added_again(term: Term) -> None:
    before = term.scores(FIRST)
    term.nbgrader("db", "student", "remove", REMOVED, "--force")
    assert REMOVED not in term.scores(FIRST)
    term.nbgrader("db", "student", "add", REMOVED)
    assert f"1 graded, {len(STUDENTS) - 1} unchanged" in term.nbgrader("autograde", FIRST)
    assert term.scores(FIRST) == before


def _second_assignment_goes_over_the_exchange_and_back(term: Term) -> None:
    term.nbgrader("generate_assignment", SECOND)
    term.nbgrader("db", "assignment", "add", SECOND, "--duedate=2026-06-01 23:59 Asia/Seoul")
    term.nbgrader("release_assignment", SECOND)
    inbound = term.course / "exchange" / "from-pooling-to-gap" / "inbound"
    mine = term.folder / "mine"
    mine.mkdir()
    root = (
        'c.CourseDirectory.course_id = "from-pooling-to-gap"\nc.Exchange.root ='
        f' "{term.course}/exchange"\n'
    )
    (mine / "nbgrader_config.py").write_text(f"c = get_config()\n{root}", "utf-8")
    term.run("nbgrader", "fetch_assignment", SECOND, cwd=mine)
    (mine / SECOND / f"{SECOND}.ipynb").write_text(
        term.notebook(SECOND, term.given[SECOND, STUDENTS[0]]), "utf-8"
    )
    term.run("nbgrader", "submit", SECOND, f"--CourseDirectory.student_id={STUDENTS[0]}", cwd=mine)
    (own,) = inbound.iterdir()
    # as `submit` leaves them, for accounts that this machine does not have
    for student in STUDENTS[1:]:
        # 23:59 in Seoul is 14:59 UTC
        when = f"2026-06-01 {'16' if student == LATE else '03'}:00:00.000000 UTC"
        place = inbound / f"{student}+{SECOND}+{when}+abc"
        place.mkdir()
        (place / f"{SECOND}.ipynb").write_text(
            term.notebook(SECOND, term.given[SECOND, student]), "utf-8"
        )
        (place / "timestamp.txt").write_text(when)
        (place / "submission_secret.txt").write_text(student * 8)
    term.nbgrader("collect", SECOND)
    term.nbgrader("autograde", SECOND)
    assert term.scores(SECOND) == {
        student: term.given[SECOND, student].points for student in STUDENTS
    }
    with Gradebook(f"sqlite:///{term.course}/gradebook.db") as book:
        penalties = {
            found.student_id: found.late_submission_penalty
            for found in book.assignment_submissions(SECOND)
        }
    assert own.name.startswith(STUDENTS[0]) and {
        who for who, points in penalties.items() if points
    } >= {LATE}
    assert not any(penalties[student] for student in STUDENTS[1:] if student != LATE)
    term.nbgrader("generate_feedback", SECOND)
    term.nbgrader("release_feedback", SECOND)
    assert len(list((inbound.parent / "feedback").glob("*.html"))) == len(STUDENTS)
    term.run(
        "nbgrader",
        "fetch_feedback",
        SECOND,
        f"--CourseDirectory.student_id={STUDENTS[0]}",
        cwd=mine,
    )
    (page,) = (mine / SECOND / "feedback").glob("*/*.html")
    assert page.read_text("utf-8") == term.page(SECOND, STUDENTS[0])


def _grades_at_the_end(term: Term) -> None:
    term.nbgrader("export")
    rows = list(csv.DictReader((term.course / "grades.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 2 * len(STUDENTS)
    found = {(row["assignment"], row["student_id"]): float(row["score"]) for row in rows}
    assert found[FIRST, AGAIN] == 98
    assert found[SECOND, LATE] == max(0, term.given[SECOND, LATE].points - 5)


def _feedback_is_read_on_a_phone(term: Term) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        phone = browser.new_page(viewport={"width": 390, "height": 844})
        for assignment in (FIRST, SECOND):
            for student in STUDENTS:
                given = term.given[assignment, student]
                phone.goto(
                    f"file://{term.course}/feedback/{student}/{assignment}/{assignment}.html"
                )
                assert phone.evaluate("document.documentElement.scrollWidth") <= 390, (
                    assignment,
                    student,
                )
                assert (
                    phone.locator("html").get_attribute("lang") == given.language
                    or student == AGAIN
                )
                if given.loses and student != AGAIN:
                    first = phone.locator(".hints li").first
                    assert first.bounding_box()["y"] < 500 and first.inner_text().strip(), (
                        assignment,
                        student,
                    )
        browser.close()
