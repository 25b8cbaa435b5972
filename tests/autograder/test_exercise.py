from pathlib import Path

import jupytext
import pytest

from autograder import exercise
from autograder.errors import CaseError

SOURCES = sorted(exercise.EXERCISES.glob("ex*.md"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_cells_are_read_as_jupytext_reads_them(path):
    text = path.read_text(encoding="utf-8")
    mine = [(kind, meta, source) for kind, meta, source in exercise.cells_of(text, path) if kind != "markdown"]
    cells = jupytext.reads(text, fmt="md:myst").cells
    assert mine == [(c.cell_type, dict(c.metadata), c.source) for c in cells if c.cell_type != "markdown"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_assignment_is_worth_90_automatic_points_and_10_by_hand(path):
    found = exercise.load(path.stem)
    assert found.points == 90
    assert sum(found.manual.values()) == 10


def test_unknown_assignment_is_named_with_the_known_ones():
    with pytest.raises(CaseError, match=r"no assignment is called 'ex02'.*known are .*ex02_gap_three_ways"):
        exercise.load("ex02")


SOLUTION = "```{code-cell} ipython3\n:grade: {solution: f}\n\ndef f(x):\n    return x\n```\n"
TEST = "```{code-cell} ipython3\n:grade: {test: test_f, points: 5}\n\nassert f(1)\n```\n"
CASES = (
    "```{raw-cell}\n:cases: test_f\n\n- id: a\n  kind: function\n  call: f\n  inputs: [{x: 1}]\n"
    "  hint: {ko: 힌트, en: hint}\n```\n"
)
FAULTS = {
    "test without cases": (SOLUTION + TEST, "test cell 'test_f' has no hidden cases"),
    "cases before their test": (SOLUTION + CASES + TEST, "no test cell 'test_f' comes before"),
    "test of nothing": (TEST + CASES, "tests no solution cell"),
    "one id twice": (SOLUTION + SOLUTION + TEST + CASES, "two cells have the grade id 'f'"),
    "cases that are no YAML": (SOLUTION + TEST + CASES.replace("- id: a", "- id: [a"), "not YAML"),
    "wrong case": (SOLUTION + TEST + CASES.replace("call:", "cal:"), "cases of test_f, a: `call` is missing"),
}


@pytest.mark.parametrize(("text", "message"), FAULTS.values(), ids=FAULTS)
def test_fault_in_a_source_is_named(text, message):
    with pytest.raises(CaseError) as caught:
        exercise.parse("ex99", text, Path("ex99.md"))
    assert message in str(caught.value) and "ex99.md" in str(caught.value)


def test_demonstrations_are_not_run_for_the_reference():
    demo = "```{code-cell} ipython3\nimport math\nLIMIT = 3\nboom = 1 / 0\nmath.tau\n```\n"
    found = exercise.parse("ex99", demo + SOLUTION + TEST + CASES, Path("ex99.md"))
    assert found.reference()["LIMIT"] == 3 and found.reference()["f"](2) == 2
