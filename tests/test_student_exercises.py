"""Exercises as students get them: every test cell fails with its own hint for the unwritten stub, nothing else fails.

nbval's raises-exception passes on any error and on none, so the errors are asserted here one by one.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from book.bilingual.execute import kernel_environment
from book.bilingual.stubs import STUB_MESSAGE

ROOT = Path(__file__).resolve().parents[1]
EXERCISES = sorted((ROOT / "notebooks").glob("*/ex*.ipynb"))
NOT_WRITTEN = ("아직 작성하지 않았습니다", "not written yet")


def run_as_released(path: Path) -> nbformat.NotebookNode:
    """Execute a released notebook to its end, errors and all, where the project cannot be imported."""
    notebook = nbformat.read(path, as_version=4)

    async def execute(scratch: str) -> None:
        client = NotebookClient(
            notebook, allow_errors=True, timeout=300, kernel_name="python3", shutdown_kernel="immediate"
        )
        manager = client.create_kernel_manager()
        manager.transport, manager.ip = "ipc", f"{scratch}/kernel"
        async with client.async_setup_kernel(env=kernel_environment(ROOT, scratch, exercise=False), cwd=scratch):
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
        fault = _test_fault(grading["grade_id"], errors) if grading.get("grade") else _other_fault(errors, lang)
        if fault:
            faults.append(f"cell {grading.get('grade_id', cell.id)}: {fault}")
    return faults


def _test_fault(test: str, errors: list[Any]) -> str:
    function = test.removeprefix("test_").split("__")[0]
    if not errors:
        return "passes although nothing is written"
    error = errors[0]
    hint = str(error.evalue)
    own = error.ename == "AssertionError" and all(part in hint for part in NOT_WRITTEN)
    if own and re.findall(r"`([^`]+)`", hint) and set(re.findall(r"`(\w+)`", hint)) == {function}:
        return ""
    return f"fails with {error.ename}: {hint!r} instead of its own hint that {function} is not written yet"


def _other_fault(errors: list[Any], lang: str) -> str:
    """Cells outside the tests may fail only by trying the stub."""
    if not errors or (errors[0].ename == "NotImplementedError" and errors[0].evalue == STUB_MESSAGE[lang]):
        return ""
    return f"fails with {errors[0].ename}: {errors[0].evalue!r}"


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_test_of_the_released_exercise_fails_with_its_own_hint_and_nothing_else_fails(path: Path) -> None:
    notebook = run_as_released(path)
    assert faults_of(notebook, path.parent.name) == []


CellMade = tuple[str, dict[str, Any], str, str]


def _executed(*cells: CellMade) -> nbformat.NotebookNode:
    """A notebook as if executed: (source, nbgrader metadata, error name, error text) per cell."""
    made = []
    for source, grading, name, text in cells:
        outputs = [nbformat.v4.new_output("error", ename=name, evalue=text, traceback=[])] if name else []
        made.append(
            nbformat.v4.new_code_cell(source, metadata={"nbgrader": grading} if grading else {}, outputs=outputs)
        )
    return nbformat.v4.new_notebook(cells=made)


HINT = "`gap_mean`: 아직 작성하지 않았습니다.\n`gap_mean`: not written yet."
TEST = {"grade": True, "grade_id": "test_gap_mean__axes"}


def test_a_test_cell_that_fails_with_its_own_hint_is_as_it_should_be() -> None:
    assert faults_of(_executed(("check()", TEST, "AssertionError", HINT)), "ko") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", ""),
        ("NotImplementedError", STUB_MESSAGE["ko"]),
        ("AssertionError", "`gap_mean`: not written yet."),
        ("AssertionError", HINT.replace("gap_mean", "gap_adaptive")),
        ("NameError", "name 'torch' is not defined"),
    ],
    ids=["passes", "no hint", "one language", "another function", "broken notebook"],
)
def test_a_test_cell_that_does_anything_else_is_reported(name: str, text: str) -> None:
    assert len(faults_of(_executed(("check()", TEST, name, text)), "ko")) == 1


def test_a_cell_that_fails_outside_the_tests_is_reported_unless_it_tried_the_stub() -> None:
    tried: CellMade = ("gap_mean(x)", {}, "NotImplementedError", STUB_MESSAGE["ko"])
    broken: CellMade = ("import missing", {}, "ModuleNotFoundError", "No module named 'missing'")
    assert faults_of(_executed(tried), "ko") == []
    assert len(faults_of(_executed(broken), "ko")) == 1
