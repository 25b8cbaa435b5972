"""Graded cells: their rules, nbgrader's metadata, the generated hidden tests, and the students'
notebook.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any

import nbformat
import yaml

from autograder.errors import CaseError
from autograder.kinds import read_cases
from autograder.rewording import cases_without_hints
from autograder.stubs import CODE_STUB, TEXT_STUB
from book.bilingual.errors import Problem
from book.bilingual.lesson.source import Cell, Lesson

AUTOMATIC_POINTS, MANUAL_POINTS = 90, 10
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
# ten times as fast, where PyYAML was built with it
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_GRADE_KEYS = ({"solution"}, {"test", "points"}, {"manual", "points"})


def exercise_problems(lesson: Lesson) -> list[Problem]:
    """Faults of an exercise's graded cells; none for other lessons."""
    if lesson.kind != "exercise":
        return []
    found = list(_cell_problems(lesson))
    graded = [cell for cell in lesson.cells if _grade(cell) and cell.lang != "en"]
    seen: dict[str, int] = {}
    for cell in graded:
        name = grade_id(cell)
        if name in seen:
            what = (
                f"grade id {name!r} is already used at line {seen[name]}; nbgrader would refuse the"
                " notebook"
            )
            found.append(lesson.problem(cell, what, "give the cell an id of its own"))
        seen.setdefault(name, cell.line)
    with_cases = {cell.meta.get("cases") for cell in lesson.cells if cell.kind == "raw"}
    for cell in graded:
        if with_cases and "test" in _grade(cell) and grade_id(cell) not in with_cases:
            what = f"test cell {grade_id(cell)!r} has no hidden cases, and others have"
            found.append(
                lesson.problem(cell, what, f"add a raw cell `:cases: {grade_id(cell)}` after it")
            )
    for kind, wanted in (("test", AUTOMATIC_POINTS), ("manual", MANUAL_POINTS)):
        points = sum(
            p
            for cell in graded
            if kind in _grade(cell) and isinstance(p := _grade(cell).get("points"), int)
        )
        if points != wanted:
            what = f"the {kind} cells are worth {points} points together, not {wanted}"
            found.append(lesson.problem(None, what, f"spread {wanted} points over them"))
    return found


def _grade(cell: Cell) -> dict[str, Any]:
    grade = cell.meta.get("grade")
    return grade if isinstance(grade, dict) else {}


def grade_id(cell: Cell) -> str:
    """The cell's nbgrader id; empty for a cell that is not graded."""
    grade = _grade(cell)
    return str(grade.get("solution") or grade.get("test") or grade.get("manual") or "")


def _cell_problems(lesson: Lesson) -> Iterator[Problem]:
    solutions = {g["solution"] for c in lesson.cells if "solution" in (g := _grade(c))}
    for cell, before in zip(lesson.cells, [None, *lesson.cells], strict=False):
        grade = _grade(cell)
        if grade and (
            set(grade) not in _GRADE_KEYS
            or not all(isinstance(v, str) for k, v in grade.items() if k != "points")
        ):
            mend = "write {solution: NAME}, {test: ID, points: N} or {manual: ID, points: N}"
            yield lesson.problem(cell, f"`grade` is {grade!r}", mend)
            continue
        if "points" in grade and not (isinstance(grade["points"], int) and grade["points"] > 0):
            yield lesson.problem(
                cell, f"`points` is {grade['points']!r}", "write a whole number above 0"
            )
        if ("manual" in grade) != (cell.kind == "markdown" and bool(grade)):
            yield lesson.problem(
                cell,
                f"`grade` {grade!r} on a {cell.kind} cell",
                "manual: prose pair; others: code cell",
            )
        if "solution" in grade or "manual" in grade:
            yield from _solution_problems(lesson, cell, grade)
        elif BEGIN in cell.text:
            yield lesson.problem(
                cell, f"`{BEGIN}` in a cell that is no solution cell", "add `grade`, or remove it"
            )
        if "BEGIN HIDDEN TESTS" in cell.text:
            yield lesson.problem(
                cell,
                "hidden tests written as code",
                "write them as cases in a {raw-cell} with :cases:",
            )
        if "test" in grade and grade["test"].removeprefix("test_").split("__")[0] not in solutions:
            what = f"test {grade['test']!r} belongs to no solution cell"
            yield lesson.problem(cell, what, "call it test_<function> or test_<function>__<aspect>")
        if cell.kind == "raw":
            yield from _case_problems(lesson, cell, before)


def _solution_problems(lesson: Lesson, cell: Cell, grade: dict[str, Any]) -> Iterator[Problem]:
    lines = [line.strip() for line in cell.text.split("\n")]
    if lines.count(BEGIN) == 0 or lines.count(BEGIN) != lines.count(END):
        what = f"`{BEGIN}` and `{END}` do not pair up; the answer would reach the students"
        yield lesson.problem(cell, what, "put the answer between the two lines")
    if "solution" not in grade:
        return
    try:
        body = ast.parse(cell.text).body
    except SyntaxError as error:
        yield lesson.problem(
            cell, f"syntax error: {error.msg}", "mend the code", offset=(error.lineno or 1) - 1
        )
        return
    defined = [n.name for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    if grade["solution"] not in defined:
        what = f"the solution cell {grade['solution']!r} defines {defined}"
        yield lesson.problem(
            cell, what, f"define {grade['solution']} here; its name is the grade id"
        )


def _case_problems(lesson: Lesson, cell: Cell, before: Cell | None) -> Iterator[Problem]:
    test = _grade(before).get("test") if before else None
    if not test or cell.meta.get("cases") != test:
        what = f"cases of {cell.meta.get('cases')!r} after the cell {test!r}"
        yield lesson.problem(
            cell, what, "put them right after their test cell, with `:cases: <test id>`"
        )
    try:
        cases = case_data(cell.text)
        if isinstance(cases, list) and not all(
            isinstance(case, dict) and "kind" in case for case in cases
        ):
            raise CaseError("cases are not a list of cases with a `kind`")
        read_cases(cases, "cases")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"cases are not YAML: {error}".replace("\n", " ")
        yield lesson.problem(cell, what, "fix the YAML", offset=mark.line if mark else 0)
    except CaseError as error:
        yield lesson.problem(cell, str(error), "see autograder/CASES.md")


def case_data(text: str) -> Any:
    """The data of a raw cell with hidden cases. Raises `yaml.YAMLError`."""
    return yaml.load(text, Loader=_LOADER)


def code_of_hidden_cases(lesson: Lesson) -> list[Any]:
    """What a run of the lesson depends on in its hidden cases: all but their hints."""
    return [
        cases_without_hints(case_data(cell.text)) for cell in lesson.cells if cell.kind == "raw"
    ]


def nbgrader_metadata(cell: Cell) -> dict[str, Any]:
    """The cell's entry for nbgrader (schema 3); empty when it is not graded."""
    grade = _grade(cell)
    if not grade:
        return {}
    entry = {
        "grade": "points" in grade,
        "grade_id": grade_id(cell),
        "locked": "test" in grade,
        "schema_version": 3,
        "solution": "test" not in grade,
        "task": False,
    }
    return {"nbgrader": entry | ({"points": grade["points"]} if "points" in grade else {})}


# Where the grader is not installed (an instructor's notebook in Colab) the cell says so. While
# grading that is an error: everybody would get the points.
_NOT_RUN = {
    "ko": "숨은 테스트를 실행하지 않았습니다(autograder 없음).",
    "en": "Hidden tests not run: autograder is not installed here.",
}
_HIDDEN_TESTS = """\
### BEGIN HIDDEN TESTS
import os

try:
    import autograder.inprocess
except ImportError:
    if "NBGRADER_EXECUTION" in os.environ:
        raise
    print("%s")
else:
    autograder.inprocess.check("%s", "%s", globals())
### END HIDDEN TESTS"""


def with_hidden_tests(code: str, assignment: str, test: str, lang: str = "en") -> str:
    """The instructor's test cell: the visible test, then the block that runs the hidden cases in
    process.
    """
    return f"{code}\n" + _HIDDEN_TESTS % (_NOT_RUN[lang], assignment, test)


def student_notebook(instructor: nbformat.NotebookNode, lang: str) -> nbformat.NotebookNode:
    """What students get: the same steps, by nbgrader's own code, as `nbgrader
    generate_assignment`.
    """
    from nbgrader import preprocessors as steps
    from traitlets.config import Config

    config = Config()
    config.ClearSolutions.code_stub = {"python": CODE_STUB[lang]}
    config.ClearSolutions.text_stub = TEXT_STUB[lang]
    notebook = copy.deepcopy(instructor)
    resources: dict[str, Any] = {}
    for step in (
        steps.LockCells,
        steps.ClearSolutions,
        steps.ClearOutput,
        steps.CheckCellMetadata,
        steps.ComputeChecksums,
        steps.ClearHiddenTests,
        steps.ClearMarkScheme,
        steps.ComputeChecksums,
        steps.CheckCellMetadata,
    ):
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook
