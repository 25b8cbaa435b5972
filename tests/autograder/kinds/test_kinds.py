"""A kind of case is one file: its fields, how they are read, its requests, its verdict."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from autograder import kinds
from autograder.cases import Case, Checked, Judge, Planner, Step
from autograder.read_cases import Reader, identifier, whole
from autograder.verdict import Problem

from ..mini import exercise, reason

PACKAGE = Path(kinds.__file__).parent


@dataclass(frozen=True)
class Twice(Case):
    """A kind that this test adds: a function called with one number, and the result has to be twice
    as much.
    """

    kind: ClassVar[str] = "twice"
    call: str
    of: int

    @property
    def subject(self) -> str:
        return self.call

    @classmethod
    def read(cls, reader: Reader) -> dict[str, Any]:
        return {"call": reader.take("call", identifier), "of": reader.take("of", whole)}

    def checked(self) -> Checked:
        return []

    def programs(self, planner: Planner) -> list[list[Step]]:
        return [[{"op": "call", "call": self.call, "args": [self.of], "kwargs": {}}]]

    def on_call(self, judge: Judge, step: Step, mine: Any, other: Any) -> Problem | None:
        return None if mine == {"t": "int", "v": 2 * self.of} else Problem(self.hint, "not twice")


def test_a_new_kind_needs_no_line_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, "twice", Twice)
    of = exercise("f", "def f(x):\n    return 2 * x", "- id: a\n  kind: twice\n  call: f\n  of: 21")
    assert reason(of, "def f(x):\n    return x + x") == ""
    assert reason(of, "def f(x):\n    return x") == "not twice"


def test_each_kind_says_its_name_and_stands_in_one_file() -> None:
    assert {name: kind.kind for name, kind in kinds.KINDS.items()} == {
        name: name for name in kinds.KINDS
    }
    files = {sys.modules[kind.__module__].__file__ for kind in kinds.KINDS.values()}
    assert {Path(str(file)).parent for file in files} == {PACKAGE}
