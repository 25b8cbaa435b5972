"""Compiled assignments: what the engine reads, and what it says when it cannot."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import exercise
from autograder.errors import CaseError

from .mini import assignment

PACKAGE = Path(exercise.__file__).parent
SOURCES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "answers" not in path.relative_to(PACKAGE).parts
]


@pytest.mark.parametrize("name", exercise.names())
def test_every_assignment_is_worth_90_automatic_points_and_10_by_hand(name):
    found = exercise.load(name)
    assert found.points == 90
    assert sum(found.manual.values()) == 10


def test_unknown_assignment_is_named_with_the_known_ones():
    with pytest.raises(
        CaseError, match=r"no assignment is called 'ex02'.*known are .*ex02_gap_three_ways"
    ):
        exercise.load("ex02")


def imported(source: str) -> set[str]:
    """The packages that a module imports, by statement or by a name in a text."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(str(node.module).split(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "attr",
            getattr(node.func, "id", "")) in (
            "import_module", "__import__", "find_spec", "run_module",
        ):  # fmt: skip
            found |= {text.value.split(".")[0] for text in ast.walk(node) if _is_text(text)}
    return found


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_engine_never_imports_the_book(path):
    assert "book" not in imported(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        "import book.bilingual",
        "from book import snippets",
        "import importlib\nimportlib.import_module(f'book.snippets.{name}')",
        "def late():\n    __import__('book')",
    ],
)
def test_an_import_of_the_book_would_be_seen(source):
    assert "book" in imported(source)


def test_an_assignment_is_loaded_and_its_reference_made_where_there_is_no_book():
    program = (
        "import sys; sys.modules['book'] = None\nfrom autograder import exercise\n"
        "print([len(exercise.load(name).reference()) > 9 for name in exercise.names()])"
    )
    said = subprocess.check_output([sys.executable, "-c", program], text=True, cwd=exercise.ROOT)
    assert said == f"{[True] * len(exercise.names())}\n"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(format=0), "has the format 0, not 1; build it"),
        (
            lambda data: data["tests"]["test_f"].update(cases=[]),
            "cases of test_f: expected a list of cases",
        ),
        (
            lambda data: data["tests"]["test_f"]["cases"][0].pop("call"),
            "cases of test_f, a: `call` is missing",
        ),
        (
            lambda data: data["tests"]["test_f"]["cases"][0].update(given=["test_g"]),
            "`given` names 'test_g'",
        ),
    ],
)
def test_fault_in_a_compiled_file_is_named(change, message, monkeypatch, tmp_path):
    case = {"id": "a", "call": "f", "inputs": [{"x": 1}], "hint": {"ko": "힌트", "en": "hint"}}
    cells = [
        {"kind": "solution", "id": "f", "source": ""},
        {"kind": "test", "id": "test_f", "source": ""},
    ]
    data = {
        "format": 1, "name": "ex99", "source": "book/exercises/ex99.md", "digest": "",
        "cells": cells,
        "definitions": [], "manual": {}, "tests": {"test_f": {"points": 5, "cases": [case]}},
    }  # fmt: skip
    monkeypatch.setenv("AUTOGRADER_ASSIGNMENTS", str(tmp_path))
    (tmp_path / "ex98.json").write_text(json.dumps(data), encoding="utf-8")
    assert exercise.load("ex98").points == 5
    change(data)
    (tmp_path / "ex99.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        exercise.load("ex99")
    assert message in str(caught.value) and "ex99" in str(caught.value)


def test_a_file_that_is_no_json_is_named_with_the_command_that_makes_it(monkeypatch, tmp_path):
    monkeypatch.setenv("AUTOGRADER_ASSIGNMENTS", str(tmp_path))
    (tmp_path / "ex97.json").write_text("{", encoding="utf-8")
    with pytest.raises(
        CaseError, match=r"ex97\.json is no JSON.*python -m book\.bilingual build ex97"
    ):
        exercise.load("ex97")


def test_the_reference_holds_definitions_and_solutions():
    of = assignment({"f": "def f(x):\n    return torch.tensor(x)"}, {})
    assert of.reference()["f"](2) == 2
