"""Graded cells: their rules, and the students' notebook against nbgrader's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder.stubs import CODE_STUB, TEXT_STUB
from book.bilingual.lesson.exercise import exercise_problems
from book.bilingual.lesson.source import Lesson

from ..conftest import FIXTURES

BODY = (FIXTURES / "book/exercises/ex90_double.md").read_text(encoding="utf-8").split("---\n", 2)[2]


def test_the_fixture_is_a_well_formed_exercise(lesson: Callable[..., Lesson]) -> None:
    assert exercise_problems(lesson(BODY, kind="exercise", name="ex90_double")) == []


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("points: 90", "points: 80", "the test cells are worth 80 points together, not 90"),
        (', "points": 10', ', "points": 5', "the manual cells are worth 5 points together, not 10"),
        ("points: 90", "points: many", "`points` is 'many'"),
        ("{test: test_double", "{tests: test_double", "`grade` is {'tests'"),
        ("{test: test_double", "{test: test_triple", "belongs to no solution cell"),
        ("{solution: double}", "{solution: triple}", "defines ['double']"),
        ("{solution: double}", "{solution: test_double}", "already used at line"),
        ("    ### END SOLUTION\n", "", "do not pair up; the answer would reach the students"),
        ("### BEGIN SOLUTION\n두", "두", "do not pair up"),
        ("    return 2 * x\n", "    return 2 *\n", "syntax error"),
        (
            ":cases: test_double",
            ":cases: test_triple",
            "cases of 'test_triple' after the cell 'test_double'",
        ),
        ("- kind: function", "- kind: [", "cases are not YAML"),
        ("- kind: function", "- sort: function", "not a list of cases with a `kind`"),
        ("  call: double\n", "", "cases, once: `call` is missing"),
        (
            "assert attempt",
            "### BEGIN HIDDEN TESTS\nassert attempt",
            "hidden tests written as code",
        ),
        (
            "assert attempt",
            "### BEGIN SOLUTION\nassert attempt",
            "in a cell that is no solution cell",
        ),
    ],
)
def test_a_fault_in_grading_is_reported(
    lesson: Callable[..., Lesson], old: str, new: str, part: str
) -> None:
    assert old in BODY
    found = exercise_problems(lesson(BODY.replace(old, new), kind="exercise", name="ex90_double"))
    assert any(part in str(problem) for problem in found), found
    assert all(problem.mend for problem in found)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_students_get_the_stub_and_no_trace_of_solution_or_hidden_case(
    course: Path, lang: str
) -> None:
    text = (course / f"notebooks/{lang}/ex90_double.ipynb").read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    assert CODE_STUB[lang].split("\n")[0] in cells["double"].source
    assert TEXT_STUB[lang] in cells["short_answer"].source
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    for secret in (
        "2 * x",
        "SOLUTION",
        "HIDDEN",
        "inprocess",
        "271828",
        "두 번 더하기",
        "adds twice",
    ):
        assert secret not in text


def test_the_instructors_notebook_runs_the_hidden_cases_and_is_executed(course: Path) -> None:
    notebook = nbformat.read(course / "solutions/ko/ex90_double/ex90_double.ipynb", as_version=4)
    test = next(cell for cell in notebook.cells if cell.id == "test_double")
    visible, hidden = test.source.split("### BEGIN HIDDEN TESTS\n")
    assert visible.startswith("assert attempt(double, 2) == 4")
    assert 'autograder.inprocess.check("ex90_double", "test_double", globals())' in hidden
    assert hidden.endswith("\n### END HIDDEN TESTS")
    assert (test.execution_count, test.outputs) == (3, [])
    assert test.metadata.nbgrader == {
        "grade": True,
        "grade_id": "test_double",
        "locked": True,
        "points": 90,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    assert "271828" not in test.source


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_students_get_exactly_what_nbgrader_would_release(
    course: Path, tmp_path: Path, lang: str
) -> None:
    source = tmp_path / "nbgrader/source/ex90_double"
    shutil.copytree(course / f"solutions/{lang}/ex90_double", source)
    (tmp_path / "nbgrader/nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'tiny'\n"
        f"c.ClearSolutions.code_stub = {{'python': {CODE_STUB[lang]!r}}}\n"
        f"c.ClearSolutions.text_stub = {TEXT_STUB[lang]!r}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "ex90_double"]
    # nbgrader calls alembic by name
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"JUPYTER_CONFIG_DIR": str(tmp_path / "none"), "PATH": path}
    done = subprocess.run(
        command, cwd=tmp_path / "nbgrader", env=env, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    released = nbformat.read(
        tmp_path / "nbgrader/release/ex90_double/ex90_double.ipynb", as_version=4
    )
    assert released == nbformat.read(course / f"notebooks/{lang}/ex90_double.ipynb", as_version=4)
