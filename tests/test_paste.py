"""What an assignment gives to somebody who writes nothing and pastes the course into it: less than
it takes to understand anything.

Pasted is what the chapters and the page `beyond` define, folded helpers included: under its own
name, and, by a stronger hand, under the name of whatever function it can be called like.
"""

import ast
import contextlib
import copy
import inspect
import io
import re
import signal
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import nbformat
import pytest

from autograder import exercise, judge
from autograder.exercise import Exercise
from autograder.probe import entry

ROOT = Path(__file__).resolve().parents[1]
LESSONS = [*sorted(ROOT.glob("notebooks/en/ch*.ipynb")), ROOT / "notebooks/en/beyond.ipynb"]
LIMIT = 40  # of 90
TIME_S = 0.1  # for what a pasted function does in one test; longer it trains, and answers nothing
_DEFINITIONS = ast.FunctionDef | ast.ClassDef
_MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)
_CHEAP = {"tensor", "range", "len", "list", "tuple", "dict", "set", "sorted", "zip", "sum", "max"}


class TooLong(BaseException):
    """A pasted function took longer than `TIME_S`."""


@dataclass(frozen=True)
class Pasted:
    """A function or class of a lesson."""

    lesson: str
    name: str
    value: Callable[..., Any]
    node: _DEFINITIONS
    around: str  # what else the lesson defines

    def under(self, name: str) -> list[str]:
        """Code cells that hold it, called `name`."""
        node = copy.deepcopy(self.node)
        node.name = name
        return [self.around, ast.unparse(node)]


def _statements(cells: list[str]) -> Iterator[ast.stmt]:
    """What a lesson defines, in order: imports, functions, classes, constants. Nothing runs."""
    for source in cells:
        for node in ast.parse(_MAGIC.sub(r"\1pass", source)).body:
            if isinstance(node, ast.Import | ast.ImportFrom | _DEFINITIONS) or (
                isinstance(node, ast.Assign) and _is_cheap(node.value)
            ):
                yield node


def _is_cheap(value: ast.expr) -> bool:
    """Whether an assigned value is there without anything being trained, loaded or drawn."""
    calls = [node.func for node in ast.walk(value) if isinstance(node, ast.Call)]
    return isinstance(value, ast.Lambda) or all(
        (call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "")) in _CHEAP
        for call in calls
    )


def pasted(lesson: str, cells: list[str]) -> list[Pasted]:
    """Every definition of a lesson, each able to use all of the others."""
    nodes = list(_statements(cells))
    namespace: dict[str, Any] = {"__name__": lesson}
    around = "\n".join(ast.unparse(node) for node in nodes)
    found = []
    for node in nodes:
        # what needs something that only a run leaves is not there for a paste either
        with contextlib.suppress(Exception):
            exec(compile(ast.Module([node], []), f"<{lesson}>", "exec"), namespace)
            if isinstance(node, _DEFINITIONS):
                found.append(Pasted(lesson, node.name, namespace[node.name], node, around))
    return found


@pytest.fixture(scope="module")
def course() -> list[Pasted]:
    """All definitions of the course, in its order."""
    found = []
    for path in LESSONS:
        cells = nbformat.read(path, 4).cells
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        found += pasted(path.stem, code)
    return found


def _fits(given: Callable[..., Any], wanted: Callable[..., Any]) -> bool:
    """Whether `given` can be called like `wanted`."""
    arguments = [
        each
        for each in inspect.signature(wanted).parameters.values()
        if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    needed = [each for each in arguments if each.default is each.empty]
    for count in {len(arguments), len(needed)}:
        with contextlib.suppress(TypeError, ValueError):
            inspect.signature(given).bind(*range(count))
            return True
    return False


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def points(of: Exercise, function: str, given: Pasted) -> float:
    """What `given` earns in the place of `function`, all others being right."""
    namespace = {**of.reference(), function: given.value}
    earned = 0.0
    with contextlib.suppress(TooLong), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for test in of.tests.values():
            if test.function == function:
                with _within(TIME_S), contextlib.redirect_stdout(io.StringIO()):
                    earned += judge.judge_test(
                        of,
                        test,
                        lambda request: entry.answer(request, namespace),
                        submission="pasted",
                        cells=given.under(function),
                    ).points
    return earned


def by_name(of: Exercise, course: list[Pasted]) -> dict[str, tuple[float, str]]:
    """Function → points of the last definition that has its name, and where that is."""
    last = {each.name: each for each in course}
    return {
        name: (points(of, name, last[name]), last[name].lesson)
        for name in of.solutions
        if name in last
    }


def by_signature(of: Exercise, course: list[Pasted]) -> dict[str, tuple[float, str]]:
    """Function → points of the definition that earns most in its place, and which that is."""
    best = {}
    for name in of.solutions:
        fitting = [each for each in course if _fits(each.value, of.reference()[name])]
        tried = [(points(of, name, each), f"{each.lesson}: {each.name}") for each in fitting]
        best[name] = max(tried, default=(0.0, ""), key=lambda found: found[0])
    return best


# a pasted function that plots is stopped in the middle, where objects may end in a fault of their own
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", exercise.names())
@pytest.mark.parametrize(
    "way",
    [by_name, pytest.param(by_signature, marks=pytest.mark.prove)],
    ids=lambda way: way.__name__,
)
def test_course_pasted_into_an_assignment_earns_little(
    name: str, way: Callable[..., dict[str, tuple[float, str]]], course: list[Pasted]
) -> None:
    found = way(exercise.load(name), course)
    assert sum(earned for earned, _ in found.values()) < LIMIT, found


def test_a_lesson_that_prints_answers_is_found_under_their_names_and_under_others() -> None:
    of = exercise.load("ex02_gap_three_ways")
    others = {"gap_mean": "averages", "head_parameters": "count", "gap_adaptive": "gap_adaptive"}
    cells = [
        "%matplotlib inline\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F"
    ]
    for name, other in others.items():
        cells.append(of.solutions[name].replace(f"def {name}(", f"def {other}("))
    printed = pasted("ch99_answers", [*cells, "WIDTH = 3\ntrained = no_such_training(WIDTH)"])
    worth = {
        name: sum(test.points for test in of.tests.values() if test.function == name)
        for name in others
    }
    assert by_name(of, printed) == {"gap_adaptive": (worth["gap_adaptive"], "ch99_answers")}
    found = by_signature(of, printed)
    assert {name: found[name][0] for name in others} == worth
    assert found["gap_mean"][1] == "ch99_answers: averages"
