"""Exercises as students get them: every test cell fails with its own hint for the unwritten stub,
nothing else fails.

nbval's raises-exception passes on any error and on none, so the errors are asserted here one by
one. The kernel cannot import what a student's environment lacks: it holds torch, torchvision,
matplotlib and the standard notebook stack. `make prove` builds such an environment and runs the
same notebooks in it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.stubs import STUB_MESSAGE
from book.bilingual.build.execute import kernel_environment

ROOT = Path(__file__).resolve().parents[1]
EXERCISES = sorted((ROOT / "notebooks").glob("*/ex*.ipynb"))
STUDENT_HAS = (
    "torch",
    "torchvision",
    "torchvision-cpu-shim",
    "matplotlib",
    "numpy",
    "pillow",
    "ipykernel",
    "nbclient",
)
GUARD = """
import sys
class Guard:
    def __init__(self, finder):
        self.finder = finder
    def __getattr__(self, name):
        return getattr(self.finder, name)
    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in {blocked!r} else self.finder.find_spec(name, path, target)
sys.meta_path[:] = map(Guard, sys.meta_path)
"""
NOT_WRITTEN = {"ko": "아직 작성하지 않았습니다", "en": "not written yet"}


def needed_by(names: Iterable[str]) -> set[str]:
    """The distributions called `names` and all that they need, as far as they are installed."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = _normal(todo.pop())
        try:
            requires = [] if name in found else metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        todo += [re.split(r"[^\w.-]", one)[0] for one in requires if "extra ==" not in one]
    return found


def lacking() -> set[str]:
    """Top-level modules that are installed here and that a student's environment lacks."""
    theirs = needed_by(STUDENT_HAS)
    homes = metadata.packages_distributions()
    return {module for module, dists in homes.items() if not theirs & set(map(_normal, dists))} | {
        "book",
        "autograder",
    }


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def run_as_released(
    path: Path, kernel: str = "python3", guarded: bool = True
) -> nbformat.NotebookNode:
    """Execute a released notebook to its end, errors and all, where the project cannot be
    imported.
    """
    notebook = nbformat.read(path, as_version=4)

    async def execute(scratch: str) -> None:
        client = NotebookClient(
            notebook,
            allow_errors=True,
            timeout=300,
            kernel_name=kernel,
            shutdown_kernel="immediate",
        )
        manager = client.create_kernel_manager()
        manager.transport, manager.ip = "ipc", f"{scratch}/kernel"
        environment = kernel_environment(ROOT, scratch, exercise=False)
        if guarded:
            (Path(scratch) / "guard").mkdir()
            (Path(scratch) / "guard" / "sitecustomize.py").write_text(
                GUARD.format(blocked=lacking()), encoding="utf-8"
            )
            environment["PYTHONPATH"] = f"{scratch}/guard"
        async with client.async_setup_kernel(env=environment, cwd=scratch):
            for index, cell in enumerate(notebook.cells):
                await client.async_execute_cell(cell, index)

    with tempfile.TemporaryDirectory(prefix="student-") as scratch:
        asyncio.run(execute(scratch))
    return notebook


def faults_of(notebook: nbformat.NotebookNode, lang: str) -> list[str]:
    """What is not as it should be in an executed, unsolved notebook."""
    faults = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        grading = cell.metadata.get("nbgrader", {})
        errors = [output for output in cell.outputs if output.output_type == "error"]
        fault = (
            _test_fault(grading["grade_id"], errors, lang)
            if grading.get("grade")
            else _other_fault(errors, lang)
        )
        if fault:
            faults.append(f"cell {grading.get('grade_id', cell.id)}: {fault}")
    return faults


def _test_fault(test: str, errors: list[Any], lang: str) -> str:
    function = test.removeprefix("test_").split("__")[0]
    if not errors:
        return "passes although nothing is written"
    error = errors[0]
    hint = str(error.evalue)
    said = [each for each, part in NOT_WRITTEN.items() if part in hint]
    own = error.ename == "AssertionError" and said == [lang]
    if own and re.findall(r"`([^`]+)`", hint) and set(re.findall(r"`(\w+)`", hint)) == {function}:
        return ""
    return (
        f"fails with {error.ename}: {hint!r} instead of its own hint that {function} is not"
        " written yet"
    )


def _other_fault(errors: list[Any], lang: str) -> str:
    """Cells outside the tests may fail only by trying the stub."""
    if not errors or (
        errors[0].ename == "NotImplementedError" and errors[0].evalue == STUB_MESSAGE[lang]
    ):
        return ""
    return f"fails with {errors[0].ename}: {errors[0].evalue!r}"


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_test_of_the_released_exercise_fails_with_its_own_hint_and_nothing_else_fails(
    path: Path,
) -> None:
    notebook = run_as_released(path)
    assert faults_of(notebook, path.parent.name) == []


@pytest.fixture(scope="module")
def students_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterable[str]:
    """The name of a kernel in a fresh environment that holds what `STUDENT_HAS` says and nothing of
    ours.
    """
    folder = tmp_path_factory.mktemp("student")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = str(folder / "venv" / "bin" / "python")
    pinned = ["torch==2.13.0", "numpy", "matplotlib", "pillow", "ipykernel", "nbclient"]
    for more in (
        pinned,
        ["--no-deps", "torchvision==0.28.0"],
        ["--no-deps", str(ROOT / "book" / "torchvision_shim")],
    ):
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *more], check=True
        )
    spec = folder / "share" / "kernels" / "student" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(
        json.dumps({"argv": argv, "display_name": "student", "language": "python"}),
        encoding="utf-8",
    )
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = str(folder / "share")
    yield "student"
    os.environ.pop("JUPYTER_PATH")
    if before is not None:
        os.environ["JUPYTER_PATH"] = before


@pytest.mark.prove
@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_in_an_environment_of_a_students_own_the_same_hints_come_and_nothing_else(
    path: Path, students_kernel: str
) -> None:
    notebook = run_as_released(path, students_kernel, guarded=False)
    assert faults_of(notebook, path.parent.name) == []


def test_the_guard_keeps_out_what_a_student_lacks_and_nothing_that_they_have() -> None:
    away = lacking()
    assert {"book", "autograder", "nbgrader", "efficientnet_lite_pytorch", "yaml", "pytest"} <= away
    assert (
        not {"torch", "torchvision", "matplotlib", "numpy", "PIL", "IPython", "ipykernel", "zmq"}
        & away
    )


def test_a_released_exercise_that_needs_more_than_students_have_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "ex99_needy.ipynb"
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import torch\nimport yaml")]),
        path,
    )
    (fault,) = faults_of(run_as_released(path), "ko")
    assert "ModuleNotFoundError" in fault and "yaml" in fault


CellMade = tuple[str, dict[str, Any], str, str]


def _executed(*cells: CellMade) -> nbformat.NotebookNode:
    """A notebook as if executed: (source, nbgrader metadata, error name, error text) per cell."""
    made = []
    for source, grading, name, text in cells:
        outputs = (
            [nbformat.v4.new_output("error", ename=name, evalue=text, traceback=[])] if name else []
        )
        made.append(
            nbformat.v4.new_code_cell(
                source, metadata={"nbgrader": grading} if grading else {}, outputs=outputs
            )
        )
    return nbformat.v4.new_notebook(cells=made)


HINT = "`gap_mean`: 아직 작성하지 않았습니다."
TEST = {"grade": True, "grade_id": "test_gap_mean__axes"}


def test_a_test_cell_that_fails_with_its_own_hint_is_as_it_should_be() -> None:
    assert faults_of(_executed(("check()", TEST, "AssertionError", HINT)), "ko") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", ""),
        ("NotImplementedError", STUB_MESSAGE["ko"]),
        ("AssertionError", "`gap_mean`: not written yet."),
        ("AssertionError", f"{HINT}\n`gap_mean`: not written yet."),
        ("AssertionError", HINT.replace("gap_mean", "gap_adaptive")),
        ("NameError", "name 'torch' is not defined"),
    ],
    ids=["passes", "no hint", "other language", "both", "another function", "broken notebook"],
)
def test_a_test_cell_that_does_anything_else_is_reported(name: str, text: str) -> None:
    assert len(faults_of(_executed(("check()", TEST, name, text)), "ko")) == 1


def test_a_cell_that_fails_outside_the_tests_is_reported_unless_it_tried_the_stub() -> None:
    tried: CellMade = ("gap_mean(x)", {}, "NotImplementedError", STUB_MESSAGE["ko"])
    broken: CellMade = ("import missing", {}, "ModuleNotFoundError", "No module named 'missing'")
    assert faults_of(_executed(tried), "ko") == []
    assert len(faults_of(_executed(broken), "ko")) == 1
