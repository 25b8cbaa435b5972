"""The fast gates: each is seen to catch the fault that it is there for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from book.bilingual.build.build import build
from book.bilingual.gates.check import check

from ..conftest import Edit

CHAPTER = "book/chapters/ch90_sums.md"
PAGE = "book/pages/about.md"
Change = Callable[[dict[str, Any]], Any]


def messages(root: Path, *names: str) -> list[str]:
    return [str(problem) for problem in check(root, names)]


def spoil(root: Path, path: str, change: Change) -> None:
    """Change a committed notebook by hand."""
    notebook = json.loads((root / path).read_text(encoding="utf-8"))
    change(notebook)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (root / path).write_text(text, encoding="utf-8")


def test_a_fresh_build_passes_quickly(course: Path) -> None:
    begun = time.process_time()
    assert messages(course) == []
    assert time.process_time() - begun < 15


def set_source(text: str) -> Change:
    return lambda notebook: notebook["cells"][3].update(source=[text])


def set_output(text: str) -> Change:
    return lambda notebook: notebook["cells"][3]["outputs"][0].update(text=[text])


@pytest.mark.parametrize(
    ("path", "change", "part"),
    [
        ("notebooks/ko/ch90_sums.ipynb", set_source("total = 5"), "cell 'sums-of-roots-4', source"),
        ("notebooks/en/ch90_sums.ipynb", set_output("9.999\n"), "cell 'sums-of-roots-4', outputs"),
        (
            "notebooks/en/ch90_sums.ipynb",
            lambda n: n["cells"][4].update(source=["4.16"]),
            "cell 'result-1', source",
        ),
        ("notebooks/en/ch90_sums.ipynb", lambda n: n["cells"].pop(), "number of cells"),
        (
            "notebooks/ko/ex90_double.ipynb",
            lambda n: n["cells"][2].update(source=["return 2 * x"]),
            "cell 'double'",
        ),
        (
            "solutions/ko/ex90_double/ex90_double.ipynb",
            lambda n: n["cells"][0].update(source=["# 과제"]),
            "'twice-1'",
        ),
    ],
)
def test_a_generated_notebook_that_was_edited_by_hand_is_named(
    course: Path, path: str, change: Change, part: str
) -> None:
    spoil(course, path, change)
    assert any(path in m and part in m and "build" in m for m in messages(course)), messages(course)


def test_a_page_that_was_edited_by_hand_is_named(course: Path, edit: Edit) -> None:
    edit("notebooks/en/about.md", "A very small course.", "A large course.")
    assert any(
        "notebooks/en/about.md: differs" in m and "-A large course." in m for m in messages(course)
    )


def test_a_missing_file_and_an_orphan_are_named(course: Path) -> None:
    (course / "notebooks/en/ch90_sums.ipynb").rename(course / "notebooks/en/ch89_gone.ipynb")
    (course / "book/reviews/gone.json").write_text("[]", encoding="utf-8")
    found = messages(course)
    assert any("book/reviews/gone.json: records the reviews of no source" in m for m in found)
    assert any("notebooks/en/ch90_sums.ipynb: is missing" in m for m in found)
    assert any("notebooks/en/ch89_gone.ipynb: no source generates this file" in m for m in found)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (CHAPTER, "{total:.3f}", "{total:.2f}"),
        ("book/snippets/base.py", "math.sqrt(x)", "x**0.5"),
        ("book/exercises/ex90_double.md", "secret-input-271828", "secret-input-314159"),
    ],
)
def test_outputs_of_other_code_are_reported(
    course: Path, edit: Edit, path: str, old: str, new: str
) -> None:
    edit(path, old, new)
    assert any(
        "its code or book/labels.yml changed since the committed outputs" in m
        for m in messages(course)
    )


def test_a_lesson_that_was_never_built_is_reported(course: Path) -> None:
    source = (course / CHAPTER).read_text(encoding="utf-8")
    (course / "book/chapters/ch91_new.md").write_text(source, encoding="utf-8")
    assert any("ch91_new.md: has never been built" in m for m in messages(course, "ch91_new"))


def test_outputs_from_stand_in_data_are_reported(course: Path, edit: Edit) -> None:
    edit(CHAPTER, "total = root_sum(LIMIT)", "DATA_IS_REAL = False\ntotal = root_sum(LIMIT)")
    build(course, ("ch90_sums",), allow_stand_in=True)
    assert any("come from stand-in data" in m for m in messages(course))


@pytest.mark.parametrize(
    ("path", "old", "new", "part"),
    [
        (
            CHAPTER,
            "The 50,000",
            "The 5,000",
            "numbers only in Korean: 5만; numbers only in English: 5,000",
        ),
        (CHAPTER, "## Result", "### Result", "heading levels differ"),
        (
            CHAPTER,
            "[introduction](about.md#this-course)",
            "[introduction](about.md)",
            "links differ",
        ),
        (CHAPTER, "`{{ total }}` stays", "`{{ sum }}` stays", "inline code differ"),
        (
            CHAPTER,
            "A line that grows",
            "합이 커지는 line that grows",
            "alt text: Korean outside parentheses",
        ),
        (PAGE, "A very small course.", "아주 작은 강의입니다.", "Korean outside parentheses"),
        (
            PAGE,
            "아주 작은 강의입니다.",
            "A very small course, left in English here.",
            "paragraph without Korean",
        ),
        (
            PAGE,
            "A very small course.",
            "A course on each feature map.",
            "nowhere '특징 맵' in Korean",
        ),
        (PAGE, "아주 작은 강의입니다.", "아주 작은 강의를 견주어 봅니다.", "'견주' is written"),
        ("book/glossary.yml", "ko_def: 합성곱이", "kodef: 합성곱이", "has no ko_def"),
        (CHAPTER, "(about.md#this-course)", "(gone.md)", "there is no such page"),
        ("book/snippets/sums.py", "range(1, n + 1)", "range(n + 1)", "study 'noisy_sum' is stale"),
        (CHAPTER, '+++ {"lang": "en"}', '+++ {"lang": "en"', "is not JSON"),
    ],
)
def test_each_gate_catches_its_fault(
    course: Path, edit: Edit, path: str, old: str, new: str, part: str
) -> None:
    edit(path, old, new)
    assert any(part in message for message in messages(course)), messages(course)


def test_an_exemption_silences_its_aspect_alone(course: Path, edit: Edit) -> None:
    edit(CHAPTER, "The 50,000 images are not", "The `images` are not")
    edit(
        CHAPTER,
        '+++ {"lang": "ko"}',
        '+++ {"lang": "ko", "differs": {"numbers": "vague in English"}}',
    )
    found = messages(course)
    assert any("inline code differ" in m for m in found)
    assert not any("numbers only" in m for m in found)


def test_a_chapter_of_long_cells_is_reported(course: Path, edit: Edit) -> None:
    lines = "\n".join(f"x{i} = {i}" for i in range(6))
    edit(CHAPTER, "total = root_sum(LIMIT)", f"{lines}\ntotal = root_sum(LIMIT)")
    edit(CHAPTER, "figure, axes", f"{lines}\nfigure, axes")
    assert any("the median code cell has 8.5 lines" in message for message in messages(course))


def test_code_wider_than_a_page_is_reported(course: Path, edit: Edit) -> None:
    edit(CHAPTER, "total = root_sum(LIMIT)", f"total = root_sum(LIMIT)  # {'x' * 50}")
    edit(CHAPTER, "figure, axes", f"# {'가' * 38}\nfigure, axes")
    found = [message for message in messages(course) if "columns of code" in message]
    assert len(found) == 2 and "77 columns" in found[0] and "78 columns" in found[1], found


def test_korean_in_the_code_of_the_english_edition_is_reported(course: Path, edit: Edit) -> None:
    edit(CHAPTER, "total = root_sum(LIMIT)", "total = root_sum(LIMIT)  # 제곱근의 합")
    edit("book/exercises/ex90_double.md", '"두 배가 아닙니다.", "Not twice."', '"두 배", "두 배"')
    found = [message for message in messages(course) if "in the code of the English" in message]
    assert len(found) == 2 and "# 제곱근의 합" in found[0] and '"두 배"' in found[1], found


def test_a_wrapped_statement_counts_once(course: Path, edit: Edit) -> None:
    wrapped = "\n".join(f"x{i} = (\n    {i}\n)" for i in range(2))
    edit(CHAPTER, "total = root_sum(LIMIT)", f"{wrapped}\ntotal = root_sum(LIMIT)")
    edit(CHAPTER, "figure, axes", f"{wrapped}\nfigure, axes")
    assert not any("median code cell" in message for message in messages(course))


def test_a_pair_that_is_rightly_equal_says_so(course: Path, edit: Edit) -> None:
    edit(PAGE, "# 소개\n\n## 이 강의\n\n아주 작은 강의입니다.", "# VGG16")
    edit(PAGE, "# Introduction\n\n## This course\n\nA very small course.", "# VGG16")
    for old in ("(about.md#이-강의)", "(about.md#this-course)"):
        edit(CHAPTER, old, "(about.md)")
    assert any("both sides are equal" in m for m in messages(course, "about"))
    edit(PAGE, '+++ {"lang": "ko"}', '+++ {"lang": "ko", "same": "a name"}')
    assert not any("both sides are equal" in m for m in messages(course, "about"))
