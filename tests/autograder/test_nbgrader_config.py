"""nbgrader's own commands on this course, through `nbgrader_config.py` alone, with nobody's engine
in between.
"""

import csv
import os
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import answers, grade
from autograder.exercise import ROOT

NAME = "ex02_gap_three_ways"
TEXT = {
    "ko": "# 과제 2. GAP를 구하는 세 가지 방법",
    "en": "# Assignment 2. Three ways to compute GAP",
}
STUDENTS = {
    "20260001": "right_functional",
    "20260002": "right_modules",
    "20260004": "one_way_three_times",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class of three, taken through every command in the order in which an instructor gives
    them.
    """
    folder = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DIR", str(folder))
        patch.setenv("COURSE_LANG", "ko")
        patch.setenv("AUTOGRADER_STOCK", "1")
        patch.delenv("COURSE_DB", raising=False)
        patch.setenv("PATH", f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}")
        grade.nbgrader("generate_assignment", NAME)
        download(folder / "downloaded" / NAME / "archive")
        grade.nbgrader("zip_collect", NAME)
        grade.nbgrader("autograde", NAME, "--create")
        grade.nbgrader("generate_feedback", NAME)
        yield folder


def download(archive: Path) -> None:
    """What an LMS gives: a loose notebook, a zip named after its student, and a zip of the whole
    class in folders.
    """
    archive.mkdir(parents=True)
    library = {answer.name: answer for answer in answers.load_answers(NAME)}
    texts = {}
    for student, name in STUDENTS.items():
        released = nbformat.read(ROOT / "notebooks" / library[name].language / f"{NAME}.ipynb", 4)
        texts[student] = nbformat.writes(answers.notebook(library[name], released))
    (archive / f"20260001_홍길동_{NAME}.ipynb").write_text(texts["20260001"], encoding="utf-8")
    with zipfile.ZipFile(archive / "20260002.zip", "w") as file:
        file.writestr(f"{NAME}.ipynb", texts["20260002"])
    with zipfile.ZipFile(archive / "class.zip", "w") as file:
        file.writestr(f"20260004/{NAME}/{NAME}.ipynb", texts["20260004"])


def points() -> dict[str, float]:
    """What the answer library says that these students earn."""
    library = {answer.name: answer.points for answer in answers.load_answers(NAME)}
    return {student: library[name] for student, name in STUDENTS.items()}


def notebook(course: Path, step: str, student: str = "") -> nbformat.NotebookNode:
    return nbformat.read(course / step / student / NAME / f"{NAME}.ipynb", 4)


def test_generate_assignment_releases_what_students_get_and_nothing_hidden(course):
    released = notebook(course, "release")
    students = nbformat.read(ROOT / "notebooks" / "ko" / f"{NAME}.ipynb", 4)
    assert [cell.source for cell in released.cells] == [cell.source for cell in students.cells]
    text = nbformat.writes(released)
    assert not any(
        word in text
        for word in ("SOLUTION", "HIDDEN", "inprocess", "채점 기준", "Rubric", "x.amax")
    )


def test_zip_collect_finds_the_student_in_every_layout(course):
    assert {
        path.parts[-3] for path in (course / "submitted").glob(f"*/{NAME}/{NAME}.ipynb")
    } == set(STUDENTS)


def test_autograde_gives_the_teachers_points_in_one_column_for_both_languages(course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        scores = {s.student_id: s.score for s in gradebook.assignment_submissions(NAME)}
        untouched = gradebook.find_grade("short_answer", NAME, NAME, "20260004")
        written = gradebook.find_grade("short_answer", NAME, NAME, "20260002")
        assert scores == points()
        # an English stub, released in Korean
        assert untouched.auto_score == 0 and not untouched.needs_manual_grade
        assert written.needs_manual_grade


@pytest.mark.parametrize(
    ("student", "lang"), [("20260001", "ko"), ("20260002", "en"), ("20260004", "en")]
)
def test_feedback_keeps_the_language_of_the_hand_in(course, student, lang):
    assert notebook(course, "autograded", student).cells[0].source.startswith(TEXT[lang])
    page = (course / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    other = "en" if lang == "ko" else "ko"
    assert TEXT[lang][2:] in page and TEXT[other][2:] not in page


def test_feedback_shows_the_hint_and_no_solution(course):
    page = (course / "feedback" / "20260004" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "should get its answer from" in page
    assert "SOLUTION" not in page and "Rubric" not in page and "x.amax" not in page


def test_export_writes_one_row_per_student(course):
    grade.nbgrader("export", NAME, "--to", str(course / "grades.csv"))
    rows = list(csv.DictReader((course / "grades.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["student_id"]: float(row["score"]) for row in rows} == points()
    assert {float(row["max_score"]) for row in rows} == {100}


def test_release_and_list_work_through_the_exchange(course):
    grade.nbgrader("release_assignment", NAME)
    done = grade.nbgrader("list", NAME)
    assert NAME in done.stdout + done.stderr


def test_english_edition_is_released_on_request(course, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DIR", str(tmp_path))
    monkeypatch.setenv("COURSE_LANG", "en")
    grade.nbgrader("generate_assignment", NAME)
    text = nbformat.writes(notebook(tmp_path, "release"))
    assert TEXT["en"] in text and "Write your answer here." in text and "여기에 답을" not in text


def test_unknown_language_is_named(course, monkeypatch):
    monkeypatch.setenv("COURSE_LANG", "kr")
    with pytest.raises(grade.GradingError, match="COURSE_LANG is 'kr'"):
        grade.nbgrader("generate_assignment", NAME)


def test_course_tree_is_all_that_is_written(course):
    assert not (ROOT / "autograder" / "gradebook.db").exists()
    assert not any(
        (ROOT / "autograder" / step).exists()
        for step in ("release", "submitted", "autograded", "source")
    )
