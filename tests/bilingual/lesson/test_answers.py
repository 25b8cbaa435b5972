"""What a cell that answers a prediction asserts is not read before the prediction is made."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from book.bilingual.lesson.answers import CHECK, apart

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("code", "shown", "asserted"),
    [
        ("x = f(2)\nassert x == 4\nx", "x = f(2)\nx", "assert x == 4"),
        ("x = 1\n\n# by hand\nassert x\n\nx", "x = 1\n\nx", "# by hand\nassert x"),
        ("ax.legend()\nassert x", "ax.legend();", "assert x"),
        ("print(x)\nassert (\n    x\n)", "print(x);", "assert (\n    x\n)"),
        ('claim("it rises", x > 1)\nx', "x", 'claim("it rises", x > 1)'),
        ("torch.testing.assert_close(x, y)\nx", "x", "torch.testing.assert_close(x, y)"),
        (
            "for k in x:\n    y = k\n    assert y\nx",
            "x",
            "for k in x:\n    y = k\n    assert y",
        ),
        ("assert x", "", "assert x"),
    ],
)
def test_assertions_move_behind_the_cell(code: str, shown: str, asserted: str) -> None:
    assert apart(code) == (shown, asserted)


@pytest.mark.parametrize(
    "code",
    [
        "x = 1",
        "%matplotlib inline\nassert x",
        "def f(x):\n    assert x\n    return x",
        "for k in x:\n    print(k)\n    assert k",
        "x = 1; assert x",
    ],
)
def test_what_is_more_than_an_assertion_stays(code: str) -> None:
    assert apart(code) == (code, "")


NOTEBOOKS = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("notebooks/*/[bc]*.ipynb")]


@pytest.mark.parametrize("path", sorted(NOTEBOOKS))
def test_no_chapter_states_an_answer_above_it(path: str) -> None:
    cells = json.loads((ROOT / path).read_text("utf-8"))["cells"]
    answering = [cell for cell in cells if cell["metadata"].get("collapsed")]
    assert answering
    for cell in answering:
        kinds = {type(node) for node in ast.parse("".join(cell["source"])).body}
        assert ast.Assert not in kinds or cell["metadata"].get("cellView") == "form", cell["id"]
    for cell in (cell for cell in cells if cell["id"].endswith(CHECK)):
        assert cell["metadata"]["jupyter"] == {"source_hidden": True} and not cell["outputs"]
