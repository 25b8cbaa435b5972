"""Snippets and results inside notebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from book.bilingual.lesson.inline import (
    InlineError,
    Inliner,
    Wanted,
    results_code,
    snippet_closure,
)
from book.snippets.runs import rows_of, runs


def write(root: Path, **modules: str) -> Path:
    folder = root / "book/snippets"
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    return root


def test_an_inlined_snippet_runs_alone_with_what_it_imports(tmp_path: Path) -> None:
    write(
        tmp_path,
        low=(
            '"""Low."""\nimport math\nfrom os.path import join, basename\n\ndef two():\n    return'
            " int(math.sqrt(4))\n"
        ),
        high='"""High."""\nimport math\n\nfrom book.snippets.low import two\n\nFOUR = two() * 2\n',
    )
    code = Inliner(tmp_path).snippets(["high"])
    names: dict[str, object] = {}
    exec(code, names)
    assert names["FOUR"] == 4
    assert code.startswith("#@title Helpers: high\n")
    assert code.count("import math") == 1
    assert "from os.path import basename, join" in code
    assert "book.snippets" not in code


def test_a_snippet_that_several_need_is_inlined_once_per_lesson(tmp_path: Path) -> None:
    write(
        tmp_path,
        low="A = 1\n",
        b="from book.snippets.low import A\n\nB = A\n",
        c="from book.snippets.low import A\n\nC = A\n",
    )
    inliner = Inliner(tmp_path)
    code = inliner.snippets(["b"]) + inliner.snippets(["c"])
    assert code.count("A = 1") == 1


def test_the_closure_lists_a_snippet_after_what_it_needs(tmp_path: Path) -> None:
    write(tmp_path, low="A = 1\n", high="from book.snippets.low import A\n\nB = A\n")
    assert snippet_closure(tmp_path, "high") == ["low", "high"]


@pytest.mark.parametrize(
    ("modules", "asked", "part"),
    [
        ({"a": "A = 1\n"}, "b", "unknown snippet 'b'"),
        ({"a": "from book.snippets.b import B\n"}, "a", "unknown snippet 'b'"),
        ({"a": "from book.snippets.b import B as C\n", "b": "B = 1\n"}, "a", "cannot be inlined"),
        ({"a": "from book.snippets.b import *\n", "b": "B = 1\n"}, "a", "cannot be inlined"),
        ({"a": "import book.snippets.b\n", "b": "B = 1\n"}, "a", "cannot be inlined"),
        ({"a": "from .b import B\n", "b": "B = 1\n"}, "a", "cannot be inlined"),
        (
            {"a": "from book.snippets.b import B\n\nX = 1\n", "b": "X = B = 2\n"},
            "a",
            "both define X",
        ),
        (
            {"a": "from book.snippets.b import B\n", "b": "from book.snippets.a import A\n"},
            "a",
            "in a circle",
        ),
        ({"a": "def f(:\n"}, "a", "line 1"),
    ],
)
def test_what_cannot_be_inlined_is_refused(
    tmp_path: Path, modules: dict[str, str], asked: str, part: str
) -> None:
    with pytest.raises(InlineError) as caught:
        Inliner(write(tmp_path, **modules)).snippets([asked])
    assert part in caught.value.what
    assert caught.value.mend


STUDY = {
    "seeds": [0, 1],
    "date": "2026-01-02",
    "device": "CPU",
    "threads": 1,
    "versions": {"torch": "2.13.0"},
    "code": "x",
    "claims": {"1": {"it holds": True}},
    "rows": [
        {"n": n, "seed": seed, "curve": [0.1, 0.123456789], "score": n + seed / 4, "flag": True}
        for n in (1, 2)
        for seed in (0, 1)
    ],
}


def study(root: Path, wanted: Wanted | None = None) -> dict[str, Any]:
    """The study as a notebook's kernel has it."""
    (root / "book/results").mkdir(parents=True, exist_ok=True)
    (root / "book/results/s.json").write_text(json.dumps(STUDY), encoding="utf-8")
    names: dict[str, Any] = {"rows_of": rows_of}
    exec(results_code(root, ["s"], None, wanted), names)
    return dict(names["s"])


def test_results_become_one_line_per_arm_that_gives_back_every_row(tmp_path: Path) -> None:
    held = study(tmp_path)
    assert held["rows"] == [row | {"curve": [0.1, 0.12346]} for row in STUDY["rows"]]
    assert "2026-01-02" in held["made"] and "torch 2.13.0" in held["made"]
    assert results_code(tmp_path, ["s"]).count("\n    [") == 2


def test_metrics_that_a_lesson_does_not_name_stay_in_the_file(tmp_path: Path) -> None:
    rows = study(tmp_path, Wanted(frozenset(), frozenset({"score"})))["rows"]
    assert rows[3] == {"n": 2, "seed": 1, "score": 2.25}
    rows = study(tmp_path, Wanted(frozenset(), frozenset({"cur*"})))["rows"]  # f"cur{…}"
    assert rows[3] == {"n": 2, "seed": 1, "curve": [0.1, 0.12346]}


def test_lengths_of_training_that_a_lesson_does_not_tell_stay_in_the_file(tmp_path: Path) -> None:
    rows = [row | {"length": row["n"]} for row in STUDY["rows"]]
    study(tmp_path)
    path = tmp_path / "book/results/s.json"
    rows = [{"length": row.pop("length"), **row} for row in rows]
    path.write_text(json.dumps(STUDY | {"rows": rows}), encoding="utf-8")
    code = results_code(tmp_path, ["s"], [1])
    assert code.count("\n    [") == 1
    with pytest.raises(InlineError, match="no rows of the lengths"):
        results_code(tmp_path, ["s"], [7])


def test_rows_are_found_by_their_setting_and_by_length(tmp_path: Path) -> None:
    held = study(tmp_path)
    assert runs(held, "score", n=2).tolist() == [2.0, 2.25]
    held["rows"] = [row | {"length": row["n"]} for row in held["rows"]]
    assert runs(held, "score").tolist() == [1.0, 1.25]
    assert runs(held, "score", length=2).tolist() == [2.0, 2.25]


HELPERS = """
import math
from collections.abc import Sequence

from book.snippets.low import LIMIT

# as many as there are
COUNT = 3


def used(values: Sequence[float], *, twice: bool = False) -> float:
    \"\"\"First line.

    More of it.
    \"\"\"
    return min(sum(values), LIMIT)  # kept


def many(first, second, third, *, fourth="a word", fifth="another word", sixth="a third"):
    return first

LONG = {"a": 1}  # a comment that goes on and on, beyond what a page shows beside its margins

def unused() -> float:
    return math.pi
"""


def test_a_chapter_gets_what_it_reaches_without_annotations_and_long_docstrings(
    tmp_path: Path,
) -> None:
    write(tmp_path, low="LIMIT = 9.0\nOTHER = 1\n", high=HELPERS)
    inliner = Inliner(tmp_path, Wanted(frozenset({"used"}), frozenset()))
    inliner.plan(["high"])
    code = inliner.snippets(["high"])
    assert "def used(values, *, twice=False):" in code
    assert '"""First line."""' in code and "# kept" in code
    assert not any(
        word in code for word in ("unused", "math", "OTHER", "More", "Sequence", "COUNT")
    )
    names: dict[str, Any] = {}
    exec(code, names)
    assert names["used"]([4, 3]) == 7


def test_a_definition_that_a_lesson_shows_is_in_no_fold(tmp_path: Path) -> None:
    write(tmp_path, low="LIMIT = 9.0\n", high=HELPERS)
    shown = frozenset({"high.used"})
    inliner = Inliner(tmp_path, Wanted(frozenset({"used", "COUNT"}), frozenset(), shown))
    inliner.plan(["high", "high.used"])
    folded = inliner.snippets(["high"])
    assert "LIMIT" in folded and "COUNT" in folded and "def used" not in folded
    assert inliner.snippets(["high.used"], shown=True).startswith(
        "def used(values, *, twice=False):"
    )
    assert "\n    first, second, third, *, fourth=" in inliner.snippets(["high.many"], shown=True)
    assert max(map(len, inliner.snippets(["high.LONG"], shown=True).split("\n"))) <= 76
    with pytest.raises(InlineError, match="no 'missing'"):
        inliner.snippets(["high.missing"], shown=True)


def test_results_of_an_unknown_study_are_refused_with_the_command_that_makes_them(
    tmp_path: Path,
) -> None:
    with pytest.raises(InlineError) as caught:
        results_code(tmp_path, ["nothing"])
    assert "python -m book.bilingual results nothing" in caught.value.mend
