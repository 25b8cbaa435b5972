"""Courses without hidden cases: plain asserts, several notebooks, files beside them, as stock
nbgrader grades them.
"""

import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.engine.asserts import Assignment
from autograder.engine.classrun import Options, Outcome, grade_class
from autograder.engine.server import start_server
from autograder.errors import GradingError
from autograder.kernels.handle import ForkServer
from autograder.sandbox import LayerReport

from . import any_course
from .any_course import Edit, fill
from .cells import run_cells, text
from .course import ROOT

DOUBLE, FACTORIAL = (
    "def double(x):\n    return x + x",
    "def factorial(n):\n    return math.prod(range(1, n + 1))",
)
FUNCTIONS: dict[str, Mapping[str, Edit | None]] = {
    "right": {
        "functions": fill(double=DOUBLE, factorial=FACTORIAL, plot="print('mine')", why="It is.")
    },
    "stub": {},
    "part": {
        "functions": fill(
            double=DOUBLE.replace("x + x", "2 * int(x)"), factorial="def factorial(n):\n  return n"
        )
    },
    "loud": {
        "functions": fill(
            double=f"{DOUBLE.splitlines()[0]}\n    print('x', file=sys.stderr)\n    return 2 * x"
        )
    },
}
READ = "def rows():\n    return [line.split(',') for line in open('table.csv').read().split()]"
SUM = "def total():\n    return sum(helper.numbers('table.csv'))"
LAB: dict[str, Mapping[str, Edit | None]] = {
    "right": {
        "a_read": fill(rows=READ),
        "b_sum": fill(total=SUM, answer="Yes."),
        "c_list": fill(names="import os"),
    },
    "lacks": {"a_read": fill(rows=READ), "b_sum": None},
    "stub": {},
}
SQUARES = (
    "def squares(n):\n    if n < 1:\n        raise ValueError\n    return [i ** 2 for i in range(1,"
    " n + 1)]"
)
QUICKSTART: dict[str, Mapping[str, Edit | None]] = {
    "right": {
        "problem1": fill(
            squares=SQUARES, sum_of_squares="def sum_of_squares(n):\n    return sum(squares(n))"
        ),
        "problem2": fill(**{"part-a": "Fibonacci."}),
    },
    "half": {"problem1": fill(squares=SQUARES.replace("raise ValueError", "pass"))},
    "lacks": {"problem2": None},
}


def release(root: Path, assignment: str, hand_ins: Mapping[str, Mapping[str, Edit | None]]) -> None:
    any_course.run(root, "generate_assignment", assignment)
    for student, edits in hand_ins.items():
        any_course.hand_in(root, student, assignment, edits)


def grade(root: Path, assignment: str, server: ForkServer | None) -> Outcome:
    course = CourseDirectory(config=Config({"CourseDirectory": {"root": str(root)}}))
    return grade_class(course, assignment, Options(workers=2), server=server)


def points(root: Path, student: str) -> dict[str, float | None]:
    found = any_course.rows(root)
    return {
        key[3]: value[0] for key, value in found.items() if key[0] == student and key[2] == "grade"
    }  # type: ignore[index, misc]


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of four in a course with hidden tests and partial credit, released and not graded."""
    root = tmp_path_factory.mktemp("functions")
    any_course.write(root, "hw", any_course.hidden_and_partial(), {})
    release(root, "hw", FUNCTIONS)
    return root


def test_hidden_tests_partial_credit_and_manual_cells_count_as_nbgrader_has_them(
    functions: Path, confined: ForkServer
) -> None:
    outcome = grade(functions, "hw", confined)
    assert outcome.failed == {} and len(outcome.graded) == 4
    everything = {
        "test_double": 2.0,
        "test_factorial": 3.0,
        "quiet": 1.0,
        "plot": None,
        "why": None,
        "explore": None,
    }
    assert points(functions, "right") == everything
    nothing = dict.fromkeys(everything, 0.0) | {"explore": None}
    assert points(functions, "stub") == nothing
    assert points(functions, "part") == nothing | {"test_factorial": 1.0, "quiet": 1.0}
    # what is printed to stderr costs the cell, as in nbgrader
    assert points(functions, "loud") == nothing
    graded = nbformat.read(functions / "autograded" / "part" / "hw" / "functions.ipynb", 4)
    (failed,) = (
        cell
        for cell in graded.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "test_double"
    )
    assert failed.outputs[0].ename == "AssertionError"
    assert len(grade(functions, "hw", confined).skipped) == 4


def test_one_that_ends_the_kernel_or_floods_its_page_loses_its_own_test_alone(
    functions: Path, confined: ForkServer
) -> None:
    ends = DOUBLE.replace("return", "import os; os._exit(0)\n    return")
    floods = DOUBLE.replace(
        "return", "print('y' * 300_000); raise AssertionError('x' * 300_000)\n    return"
    )
    for student, double in (("ends", ends), ("floods", floods)):
        any_course.hand_in(
            functions, student, "hw", {"functions": fill(double=double, factorial=FACTORIAL)}
        )
    grade(functions, "hw", confined)
    for student in ("ends", "floods"):
        found = points(functions, student)
        assert (found["test_double"], found["test_factorial"], found["quiet"]) == (0.0, 3.0, 0.0)


def test_an_assignment_whose_hidden_cases_are_not_compiled_is_not_graded_by_its_asserts(
    functions: Path, tmp_path: Path
) -> None:
    notebook = any_course.hidden_and_partial()["functions"]
    notebook.cells[3].source = any_course.HIDDEN.replace(
        "assert double(-1.5)",
        "import autograder.inprocess\nautograder.inprocess.check('x', 'y', globals())\nassert 1",
    )
    any_course.write(tmp_path, "hw", {"functions": notebook}, {})
    release(tmp_path, "hw", {"stub": {}})
    with pytest.raises(
        GradingError, match="hw has hidden cases, and no compiled file of that name"
    ):
        grade(tmp_path, "hw", None)


def test_files_beside_several_notebooks_are_there_and_a_missing_notebook_costs_its_own_cells(
    tmp_path: Path,
) -> None:
    any_course.write(tmp_path, "lab", any_course.three_and_data(), any_course.FILES)
    release(tmp_path, "lab", LAB)
    outcome = grade(tmp_path, "lab", None)
    assert outcome.failed == {} and outcome.incidents["right"] == []
    right, lacks = points(tmp_path, "right"), points(tmp_path, "lacks")
    assert [
        right[f"{kind}_{name}"] for name in ("rows", "total") for kind in ("test", "unread")
    ] == [1.0] * 4
    assert (lacks["test_rows"], lacks["test_total"]) == (1.0, 0.0)
    assert [entry["kind"] for entry in outcome.incidents["lacks"]] == ["absent"]
    assert not (tmp_path / "autograded" / "lacks" / "lab" / "b_sum.ipynb").exists()
    assert not list((tmp_path / "source").rglob("mine.txt"))


def as_stock(
    root: Path, assignment: str, python: str = sys.executable, **more: str
) -> any_course.Rows:
    """Grade a released class twice: by the engine, enabled by one line of its configuration, and by
    nbgrader's own.
    """
    config = root / "nbgrader_config.py"
    unchanged, book = config.read_text(), root / "gradebook.db"
    before = book.read_bytes()
    config.write_text(unchanged + any_course.ONE_LINE)
    said = any_course.run(root, "autograde", assignment, python=python, **more)
    assert "graded, 0 unchanged" in said
    ours = any_course.rows(root)
    config.write_text(unchanged)
    book.write_bytes(before)
    any_course.run(root, "autograde", assignment, "--force")
    stock = any_course.rows(root)
    assert {
        key: (ours.get(key), stock.get(key))
        for key in {*ours, *stock}
        if ours.get(key) != stock.get(key)
    } == {}
    return ours


@pytest.mark.prove
def test_functions_are_graded_as_stock_nbgrader_grades_them(tmp_path: Path) -> None:
    any_course.write(tmp_path, "hw", any_course.hidden_and_partial(), {})
    release(tmp_path, "hw", FUNCTIONS)
    assert as_stock(tmp_path, "hw")


@pytest.mark.prove
def test_three_notebooks_with_data_are_graded_as_stock_nbgrader_grades_them(tmp_path: Path) -> None:
    any_course.write(tmp_path, "lab", any_course.three_and_data(), any_course.FILES)
    release(tmp_path, "lab", LAB)
    assert as_stock(tmp_path, "lab")


@pytest.mark.prove
def test_the_wheel_alone_grades_nbgraders_quickstart_as_stock_does(tmp_path: Path) -> None:
    """In an environment that holds the engine and what it requires: no torch, no NumPy, nothing of
    this course.
    """
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(tmp_path),
        str(ROOT / "autograder"),
    ]
    subprocess.run(build, check=True)
    (wheel,) = tmp_path.glob("nbgrader_warm-*.whl")
    inside = zipfile.ZipFile(wheel).namelist()
    assert "autograder/engine/hook.py" in inside
    assert not [
        name
        for name in inside
        if name.startswith("book") or "answers" in name or "nbgrader_config" in name
    ]
    venv.create(tmp_path / "empty", with_pip=True)
    python = str(tmp_path / "empty" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", str(wheel)], check=True)
    without = (
        "import importlib.util; print([importlib.util.find_spec(n) for n in ('torch', 'numpy',"
        " 'book')])"
    )
    said = subprocess.run(
        [python, "-I", "-c", without], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    assert said.strip() == "[None, None, None]"
    any_course.run(tmp_path, "quickstart", "course")
    root = tmp_path / "course"
    release(root, "ps1", QUICKSTART)
    assert as_stock(root, "ps1", python=python, PYTHONPATH="")


def test_a_fork_server_imports_what_the_release_does_and_no_torch(
    tmp_path: Path, layers: LayerReport
) -> None:
    notebook = any_course.hidden_and_partial()["functions"]
    notebook.cells[
        1
    ].source = "import math, sys\nimport decimal as d\nfrom fractions import Fraction"
    any_course.write(tmp_path, "hw", {"functions": notebook}, {})
    assignment = Assignment("hw", {"functions": notebook}, {"functions": {}}, "")
    assert assignment.modules() == ["decimal", "fractions", "math", "sys"]
    with start_server(layers, questions=False, modules=assignment.modules()) as server:
        server.wait_ready()
        (result,) = run_cells(
            server, "import sys; print([n in sys.modules for n in ('torch', 'decimal')])"
        )
    assert text(result).strip() == "[False, True]"
