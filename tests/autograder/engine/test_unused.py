"""Definitions that were given out are run where something uses them."""

import pytest

from autograder.engine.steps import Cell, Mark
from autograder.engine.unused import without_unused

HELPERS = """#@title Helpers
import math
from collections.abc import Callable

RATE = 3
def close(a, b):
    return math.isclose(a, b)

@staticmethod
def check_area(area):
    assert close(area(1), RATE)

class Whole:
    pass
"""
PLAIN = "import math\nfrom collections.abc import Callable\n"


def left(source: str, *others: str, asked: frozenset[str] = frozenset()) -> str:
    steps = [Cell(0, source, needed=True), Mark("test_f"), *(Cell(1, each) for each in others)]
    first, *rest = without_unused(steps, {source}, asked)
    assert isinstance(first, Cell) and first.needed and rest == steps[1:]
    return first.source


def test_what_nothing_uses_is_not_run_and_imports_stay() -> None:
    assert left(HELPERS, "x = 1") == PLAIN.rstrip("\n") + "\n"


@pytest.mark.parametrize("use", ["Whole()", "globals()['Whole']", "# as Whole does", "!echo Whole"])
def test_a_name_in_code_text_comment_or_shell_is_a_use(use: str) -> None:
    assert left(HELPERS, use) == PLAIN + "class Whole:\n    pass\n"


def test_a_name_that_the_hidden_cases_look_up_is_a_use() -> None:
    assert "class Whole" in left(HELPERS, asked=frozenset({"Whole"}))


def test_what_is_used_brings_what_it_uses_itself_and_its_decorators() -> None:
    assert (
        left(HELPERS, "check_area")
        == HELPERS.partition("\n")[2].partition("\n\nclass")[0].replace("\n\n", "\n") + "\n"
    )


def test_what_binds_no_name_is_kept_with_what_it_uses() -> None:
    source = HELPERS + "math.whole = Whole\n"
    assert left(source) == PLAIN + "class Whole:\n    pass\nmath.whole = Whole\n"


@pytest.mark.parametrize(
    "more", ["x = math.sqrt(2)", "print(1)", "for i in range(2): pass", "RATE += 1", "x = ("]
)
def test_a_cell_that_does_more_is_run_whole(more: str) -> None:
    assert left(HELPERS + more) == HELPERS + more


def test_a_cell_that_the_student_changed_is_run_whole() -> None:
    steps = [Cell(0, HELPERS)]
    assert without_unused(steps, {"other"}, ()) == steps
