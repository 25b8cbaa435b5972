"""Snippets and results inside notebooks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from book.bilingual.lesson.inline import InlineError, Inliner, results_code, snippet_closure


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


def test_results_become_the_dict_that_the_file_holds_without_its_hashes_and_verdicts(
    tmp_path: Path,
) -> None:
    shown = {
        "study": "s",
        "seeds": [0],
        "rows": [{"n": 1, "seed": 0, "curve": [0.1, 0.2], "flag": True}],
    }
    data = shown | {"code": "x", "claims_code": "y", "claims": {"1": {"it holds": True}}}
    (tmp_path / "book/results").mkdir(parents=True)
    (tmp_path / "book/results/s.json").write_text(json.dumps(data), encoding="utf-8")
    names: dict[str, object] = {}
    exec(results_code(tmp_path, ["s"]), names)
    assert names["s"] == shown


def test_results_of_an_unknown_study_are_refused_with_the_command_that_makes_them(
    tmp_path: Path,
) -> None:
    with pytest.raises(InlineError) as caught:
        results_code(tmp_path, ["nothing"])
    assert "python -m book.bilingual results nothing" in caught.value.mend
