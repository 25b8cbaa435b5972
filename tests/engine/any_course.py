"""Courses as others write them, without hidden cases: nbgrader's own quickstart, and two that
people would publish.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from .course import ROOT

ONE_LINE = "import autograder.enable\n"
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'other'\n"
Rows = dict[tuple[str, ...], object]
Edit = Callable[[NotebookNode], None]


def graded(
    kind: str, name: str, source: str, points: float | None = None, *, code: bool = True
) -> NotebookNode:
    """A cell with nbgrader's metadata: `kind` is solution, test, manual, task or locked."""
    cell = (new_code_cell if code else new_markdown_cell)(source)
    cell.metadata["nbgrader"] = {
        "grade_id": name, "schema_version": 3, "task": kind == "task",
        "grade": kind in ("test", "manual"), "solution": kind in ("solution", "manual"),
        "locked": kind in ("test", "locked", "task"),
        **({} if points is None else {"points": points}),
    }  # fmt: skip
    return cell


PARTIAL = """
score = 0
for n, want in ((1, 1), (2, 2), (3, 6), (4, 24)):
    try:
        score += factorial(n) == want
    except Exception:
        pass
### BEGIN HIDDEN TESTS
score += 2 * (factorial(10) == 3628800)
### END HIDDEN TESTS
score / 2
"""
HIDDEN = (
    "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(-1.5) == -3\n### END HIDDEN TESTS"
)


def solution(head: str, body: str) -> str:
    return f"{head}\n    ### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION"


def hidden_and_partial() -> dict[str, NotebookNode]:
    """One notebook: hidden tests, partial credit, a test that prints to stderr, a manual cell of
    code, a task.
    """
    cells = [
        new_markdown_cell("# Functions"),
        new_code_cell("import math\nimport sys"),
        graded("solution", "double", solution("def double(x):", "return 2 * x")),
        graded("test", "test_double", HIDDEN, 2),
        graded("solution", "factorial", solution("def factorial(n):", "return math.factorial(n)")),
        graded("test", "test_factorial", PARTIAL, 3),
        graded(
            "test", "quiet", "print(double(3))\nif double(0):\n    print('no', file=sys.stderr)", 1
        ),
        graded("manual", "plot", "### BEGIN SOLUTION\nprint('a plot')\n### END SOLUTION", 2),
        graded("manual", "why", "### BEGIN SOLUTION\nBecause.\n### END SOLUTION", 2, code=False),
        graded("task", "explore", "Explore. Use cells of your own.", 1, code=False),
    ]
    return {"functions": new_notebook(cells=cells, metadata={"kernelspec": KERNEL})}


def three_and_data() -> dict[str, NotebookNode]:
    """Three notebooks with a table, a module and a folder beside them."""
    made = {}
    for name, head, body in (
        (
            "a_read",
            "def rows():",
            "return [line.split(',') for line in open('table.csv').read().split()]",
        ),
        ("b_sum", "def total():", "return sum(helper.numbers('table.csv'))"),
        ("c_list", "def names():", "return sorted(os.listdir('pictures'))"),
    ):
        function = head.split()[1].partition("(")[0]
        want = {
            "rows": "[['1', '2'], ['3', '4']]",
            "total": "10",
            "names": "['one.txt', 'two.txt']",
        }[function]
        cells = [
            new_code_cell("import os\nimport helper"),
            graded("solution", function, solution(head, body)),
            graded("test", f"test_{function}", f"assert {function}() == {want}", 1),
            graded(
                "test",
                f"unread_{function}",
                f"assert {function}() == {want}\nopen('mine.txt', 'w').write('x')",
                1,
            ),
            graded("manual", "answer", "### BEGIN SOLUTION\nYes.\n### END SOLUTION", 1, code=False),
        ]
        made[name] = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    return made


KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
FILES = {
    "table.csv": "1,2\n3,4\n",
    "helper.py": (
        "def numbers(path):\n    return [int(n) for n in open(path).read().replace(',', '"
        " ').split()]\n"
    ),
    "pictures/one.txt": "1",
    "pictures/two.txt": "2" * (2 << 20),
}


def write(
    root: Path, assignment: str, notebooks: Mapping[str, NotebookNode], files: Mapping[str, str]
) -> None:
    """A course with one assignment, its configuration nbgrader's own."""
    folder = root / "source" / assignment
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    folder.mkdir(parents=True, exist_ok=True)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    (root / "nbgrader_config.py").write_text(CONFIG)


def run(root: Path, *arguments: str, python: str = sys.executable, **more: str) -> str:
    """One of nbgrader's commands in the course's folder; what it printed. Raises
    `CalledProcessError`.
    """
    path = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {
        **os.environ,
        "PATH": path,
        "PYTHONPATH": str(ROOT),
        "JUPYTER_CONFIG_DIR": str(root / "none"),
        **more,
    }
    command = [python, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, timeout=900
    )
    if done.returncode:
        raise AssertionError(f"{arguments}: {done.stdout[-3000:]}{done.stderr[-5000:]}")
    return done.stdout + done.stderr


def hand_in(root: Path, student: str, assignment: str, edits: Mapping[str, Edit | None]) -> None:
    """Hand in what was released, with the files beside it; `edits` by notebook, None: that one is
    not handed in.
    """
    folder = root / "submitted" / student / assignment
    shutil.copytree(root / "release" / assignment, folder)
    for name, edit in edits.items():
        path = folder / f"{name}.ipynb"
        if edit is None:
            path.unlink()
            continue
        notebook = nbformat.read(path, 4)
        edit(notebook)
        nbformat.write(notebook, path)


def fill(**answers: str) -> Edit:
    """Put answers into cells, by grade id."""

    def edit(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = answers.get(name, cell.source)

    return edit


def rows(root: Path) -> Rows:
    """Every grade and comment of every notebook, as the gradebook has them."""
    found: Rows = {}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        for assignment in book.assignments:
            for submission in assignment.submissions:
                for notebook in submission.notebooks:
                    key = (submission.student_id, notebook.name)
                    found[*key, "late"] = notebook.late_submission_penalty
                    for grade in notebook.grades:
                        found[*key, "grade", grade.name] = (
                            grade.auto_score,
                            grade.needs_manual_grade,
                            grade.max_score,
                        )
                    for comment in notebook.comments:
                        found[*key, "comment", comment.name] = comment.auto_comment
    return found
