"""Compiles an exercise into the one file that the grading engine reads; `autograder/exercise.py`
documents its format.

It lies beside the instructors' notebooks, not among them: nbgrader releases what lies in an
assignment's folder.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from autograder import exercise
from autograder.errors import CaseError
from autograder.rewording import cases_without_hints, code_without_hints, digest
from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.lesson.exercise import case_data, grade_id
from book.bilingual.lesson.plan import Plan, Slot

_REMAIN = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef


def path(name: str) -> str:
    """Where the compiled file lies, relative to the root."""
    return f"solutions/assignments/{name}.json"


def is_compiled(plan: Plan) -> bool:
    """Whether it is an exercise with hidden cases. Without any, its visible tests are all that is
    graded.
    """
    return any(cell.kind == "raw" for cell in plan.lesson.cells)


def compiled(plan: Plan) -> str:
    """The text of the compiled file. Raises `ProblemsFound` for cases that do not fit together."""
    lesson = plan.lesson
    cells = [
        _cell(slot)
        for slot in plan.code_slots
        if exercise.ONLY_DRAWS not in slot.meta.get("tags", [])
    ]
    cases = {
        str(cell.meta["cases"]): case_data(cell.text) for cell in lesson.cells if cell.kind == "raw"
    }
    graded = [slot.cells[0] for slot in plan.slots if "grade" in slot.cells[0].meta]
    points = {grade_id(cell): cell.meta["grade"].get("points") for cell in graded}
    tests = [cell["id"] for cell in cells if cell["kind"] == "test"]
    data: dict[str, Any] = {
        "cells": cells,
        "definitions": [_definitions(cell["source"]) for cell in cells if cell["kind"] == "plain"],
        "tests": {name: {"points": points[name], "cases": cases.get(name, [])} for name in tests},
        "manual": {
            grade_id(cell): points[grade_id(cell)]
            for cell in graded
            if "manual" in cell.meta["grade"]
        },
    }
    head = {
        "format": exercise.FORMAT,
        "name": lesson.name,
        "source": lesson.path,
        "digest": _digest(data),
    }
    try:
        exercise.read(head | data, Path(path(lesson.name)))
    except CaseError as error:
        raise ProblemsFound(
            [Problem(lesson.path, 0, "", str(error), "see autograder/CASES.md")]
        ) from None
    return json.dumps(head | data, ensure_ascii=False, indent=1) + "\n"


def _cell(slot: Slot) -> dict[str, str]:
    cell = slot.cells[0]
    grade = cell.meta.get("grade") or {}
    kind = next(
        (kind for kind in ("solution", "test") if kind in grade),
        "snippets" if slot.inlined else "plain",
    )
    return {"kind": kind, "id": grade_id(cell), "source": slot.code if slot.inlined else cell.text}


def _digest(data: dict[str, Any]) -> str:
    """Of what the points depend on."""
    cells = [cell | {"source": code_without_hints(cell["source"])} for cell in data["cells"]]
    definitions = [code_without_hints(source) for source in data["definitions"]]
    return digest([cells, definitions, cases_without_hints(data["tests"]), data["manual"]])


def _definitions(source: str) -> str:
    """Of a plain code cell, what later cells can need: imports, definitions, constants.
    Demonstrations are not run.
    """
    lines = source.splitlines()
    return "\n".join(
        "\n".join(lines[_first_line(node) - 1 : node.end_lineno])
        for node in ast.parse(source).body
        if isinstance(node, _REMAIN) or _is_constant(node)
    )


def _first_line(node: ast.stmt) -> int:
    return min(part.lineno for part in (node, *getattr(node, "decorator_list", ())))


def _is_constant(node: ast.stmt) -> bool:
    """`NAME = value` with an all-capitals name."""
    return isinstance(node, ast.Assign) and all(
        isinstance(t, ast.Name) and t.id.isupper() for t in node.targets
    )
