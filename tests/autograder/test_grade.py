"""`make grade`: the sample class gets exactly its teacher's points, and the table says why."""

import os
from pathlib import Path

import nbformat
import pytest
from rich.console import Console

from autograder import answers, grade, outcome, submitted
from autograder.errors import GradingError
from autograder.exercise import ROOT

NAME = "ex02_gap_three_ways"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample class, graded once: (exit status, course tree)."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DIR", str(folder))
        for name in ("COURSE_DB", "COURSE_LANG"):
            patch.delenv(name, raising=False)
        yield grade.main([NAME]), folder


def test_sample_class_gets_exactly_the_teachers_points(sample):
    status, _ = sample
    wanted = {answer.student: answer.points for answer in submitted.sample_class(NAME)}
    assert status == 0
    assert {result.student: result.points for result in outcome.results(NAME)} == wanted


def test_each_lost_cell_is_given_with_its_points_and_a_hint_in_the_students_language(sample):
    by_student = {answer.student: answer for answer in submitted.sample_class(NAME)}
    for result in outcome.results(NAME):
        answer = by_student[result.student]
        assert result.language == answer.language
        assert {lost.test for lost in result.lost} == set(answer.loses)
        assert sum(lost.points for lost in result.lost) == 90 - result.points
        for lost in result.lost:
            assert any("가" <= letter <= "힣" for letter in lost.hint) == (
                answer.language == "ko"
            ), lost


def test_short_answer_waits_for_a_person_only_where_there_is_one(sample):
    answered = {answer.student for answer in submitted.sample_class(NAME) if answer.short_answer}
    assert {result.student for result in outcome.results(NAME) if result.manual} == answered


def test_table_shows_points_and_reasons(sample):
    console = Console(width=160, record=True)
    outcome.show(NAME, outcome.results(NAME), console)
    text = console.export_text()
    assert "20260001" in text and "90 / 90" in text and "−3 gap_avg_pool__route:" in text


def test_grading_again_changes_nothing(sample, capsys):
    _, folder = sample
    path = folder / "autograded" / "20260005" / NAME / f"{NAME}.ipynb"
    before, results = path.stat().st_mtime_ns, outcome.results(NAME)
    assert grade.main([NAME]) == 0
    assert path.stat().st_mtime_ns == before and outcome.results(NAME) == results


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DIR", str(tmp_path / "course"))
    return tmp_path


def write(path: Path, text: str = "{}") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_folders_of_students_are_collected_in_every_layout(tree):
    write(tree / "in" / "anna" / NAME / f"{NAME}.ipynb", "1")
    write(tree / "in" / "bora" / f"{NAME}.ipynb", "2")
    write(tree / "in" / "bora" / ".ipynb_checkpoints" / f"{NAME}.ipynb", "old")
    write(tree / "in" / "chul" / "my copy (1).ipynb", "3")
    grade.collect(NAME, tree / "in")
    found = {
        path.parts[-3]: path.read_text()
        for path in (tree / "course" / "submitted").glob(f"*/{NAME}/{NAME}.ipynb")
    }
    assert found == {"anna": "1", "bora": "2", "chul": "3"}


def test_linked_notebook_is_refused(tree):
    secret = write(tree / "secret.ipynb", "secret")
    (tree / "in" / "dora").mkdir(parents=True)
    (tree / "in" / "dora" / f"{NAME}.ipynb").symlink_to(secret)
    with pytest.raises(GradingError, match=f"no hand-in of {NAME}"):
        grade.collect(NAME, tree / "in")


def test_two_notebooks_of_other_names_are_reported_and_stop_nobody(tree):
    write(tree / "in" / "emil" / "a.ipynb", "1")
    write(tree / "in" / "emil" / "deeper" / "a.ipynb", "2")
    write(tree / "in" / "fritz" / f"{NAME}.ipynb", "3")
    (incident,) = grade.collect(NAME, tree / "in")
    assert "'emil': 2 notebooks, and not one alone is called" in incident
    submitted = tree / "course" / "submitted"
    assert sorted(path.read_text() for path in (submitted / "emil" / NAME).iterdir()) == ["1", "2"]
    assert (submitted / "fritz" / NAME / f"{NAME}.ipynb").read_text() == "3"


def test_of_several_notebooks_the_one_with_answers_is_graded_and_named(tree, capsys):
    released = nbformat.read(ROOT / "notebooks" / "ko" / f"{NAME}.ipynb", 4)
    answer = next(
        answer
        for answer in answers.load_answers(NAME)
        if answer.points == 90 and answer.language == "ko"
    )
    write(tree / "in" / "emil" / "empty.ipynb", nbformat.writes(released))
    write(
        tree / "in" / "emil" / "answers.ipynb", nbformat.writes(answers.notebook(answer, released))
    )
    assert grade.main([NAME, str(tree / "in")]) == 0
    (result,) = outcome.results(NAME)
    assert result.points == 90
    assert "'emil': 2 notebooks" in capsys.readouterr().out
    report = (tree / "course" / "reports" / NAME / "incidents.html").read_text()
    assert "There are 2 notebooks" in report and "answers.ipynb" in report


def test_one_notebook_handed_in_after_several_replaces_them(tree):
    submitted.submit_files(NAME, "emil", {"1-a.ipynb": b"1", "2-b.ipynb": b"2"})
    submitted.submit(NAME, "emil", b"3")
    (only,) = (tree / "course" / "submitted" / "emil" / NAME).iterdir()
    assert only.name == f"{NAME}.ipynb" and only.read_bytes() == b"3"


def test_missing_folder_is_reported(tree):
    with pytest.raises(GradingError, match="nowhere is no folder and no zip file"):
        grade.collect(NAME, tree / "nowhere")


def test_changed_hand_in_loses_its_old_grading_and_an_equal_one_keeps_it(tree):
    graded = tree / "course" / "autograded" / "anna" / NAME
    submitted.submit(NAME, "anna", b"first")
    write(graded / f"{NAME}.ipynb")
    submitted.submit(NAME, "anna", b"first")
    assert graded.exists()
    submitted.submit(NAME, "anna", b"second")
    assert not graded.exists()


def test_sample_class_stays_out_of_a_real_one(tree):
    submitted.submit(NAME, "a-real-student", b"{}")
    with pytest.raises(GradingError, match=r"holds other students.*a-real-student"):
        submitted.submit_sample(NAME)


def test_sample_classes_of_two_assignments_share_a_tree(tree):
    for name in (NAME, "ex03_modern_cnn"):
        submitted.submit_sample(name)
    students = {path.parent.name for path in (tree / "course" / "submitted").glob("*/*")}
    assert {"20260001", "20260002"} <= students
    assert not (tree / "course" / "submitted" / "20260001" / "ex03_modern_cnn").exists()


def test_missing_notebooks_tell_the_command_that_makes_them(tree, monkeypatch):
    monkeypatch.setattr(grade, "ROOT", tree)
    monkeypatch.setattr(submitted, "ROOT", tree)
    with pytest.raises(GradingError, match="Run `make notebooks`"):
        grade.release(NAME)
    with pytest.raises(GradingError, match="Run `make notebooks`"):
        submitted.submit_sample(NAME)


def _ends(*_: object, **__: object) -> None:
    os._exit(9)


def test_feedback_whose_process_ends_is_said_and_costs_nothing_else(sample, monkeypatch):
    _, folder = sample
    page = folder / "feedback" / "20260005" / NAME / f"{NAME}.html"
    there = page.read_bytes()
    monkeypatch.setattr(grade, "_converted", _ends)
    (said,) = grade.feedback(NAME)
    assert "pages may be out of date:\nits process ended" in said and page.read_bytes() == there
    page.unlink()
    (said,) = grade.feedback(NAME)
    assert said.startswith("20260005: no feedback page could be made")
    page.write_bytes(there)


def test_help_and_wrong_arguments(capsys):
    assert grade.main(["--help"]) == 0
    assert "SUBMISSIONS, a folder or a zip file" in capsys.readouterr().out
    assert grade.main([]) == 2
    assert "Missing argument 'ASSIGNMENT'" in capsys.readouterr().err


def test_failure_of_nbgrader_shows_its_last_lines(tree):
    with pytest.raises(GradingError, match="nbgrader generate_assignment no_such_thing failed"):
        grade.nbgrader("generate_assignment", "no_such_thing")


def test_notebook_of_an_answer_is_valid_in_both_languages():
    for answer in answers.load_answers(NAME):
        released = nbformat.read(ROOT / "notebooks" / answer.language / f"{NAME}.ipynb", 4)
        nbformat.validate(answers.notebook(answer, released))
