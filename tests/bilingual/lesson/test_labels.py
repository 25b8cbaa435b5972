"""Figures in the page's language: drawn twice, with the labels of `book/labels.yml`."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from book.bilingual.build.build import build
from book.bilingual.errors import ProblemsFound
from book.bilingual.gates.check import check
from book.bilingual.lesson import labels

from ..conftest import Edit

CHAPTER = "book/chapters/ch90_sums.md"
PLOT = "axes.plot([root_sum(n) for n in range(LIMIT + 1)]);"
LABELLED = f'axes.set_title("sum of 3 terms\\n$n$")\naxes.set_xlabel("terms")\n{PLOT}'


def drawing(root: Path, lang: str) -> nbformat.NotebookNode:
    cells = nbformat.read(root / f"notebooks/{lang}/ch90_sums.ipynb", as_version=4).cells
    return next(cell for cell in cells if "mystnb" in cell.metadata)


def picture(root: Path, lang: str) -> str:
    (found,) = (out.data["image/png"] for out in drawing(root, lang).outputs if "data" in out)
    return str(found)


def test_a_figure_is_drawn_in_both_languages(course: Path, edit: Edit) -> None:
    edit(CHAPTER, PLOT, LABELLED)
    with pytest.raises(ProblemsFound) as caught:
        build(course, ("ch90_sums",))
    assert "without Korean: 'sum of 3 terms\\n$n$', 'terms'" in str(caught.value)
    table = course / labels.FILE
    table.write_text(
        'terms: 항\n"sum of {}\\n$n$": "{}의 합\\n$n$"\n"{} terms": "항 {}개"\n', "utf-8"
    )
    build(course, ("ch90_sums",))
    assert picture(course, "ko") != picture(course, "en")
    wanted = {"terms": "항", "sum of 3 terms\n$n$": "항 3개의 합\n$n$"}
    assert drawing(course, "ko").metadata.course.labels == wanted
    assert "course" not in drawing(course, "en").metadata or (
        "labels" not in drawing(course, "en").metadata.course
    )
    assert build(course, ("ch90_sums",)).executed == {}
    assert check(course, ("ch90_sums",)) == []

    # another word for a label: the figure has to be drawn again
    table.write_text(table.read_text("utf-8").replace("terms: 항", "terms: 항의 수"), "utf-8")
    (problem,) = check(course, ("ch90_sums",))
    assert "labels.yml changed" in problem.what
    assert set(build(course, ("ch90_sums",)).executed) == {"ch90_sums"}
    assert drawing(course, "ko").metadata.course.labels["terms"] == "항의 수"


def test_without_the_font_the_build_names_it(
    course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(CHAPTER, PLOT, LABELLED)
    monkeypatch.setattr(labels, "FONT", "NoSuchFont")
    with pytest.raises(ProblemsFound, match="the font NoSuchFont is missing"):
        build(course, ("ch90_sums",))


def test_only_words_need_a_translation() -> None:
    assert [
        label
        for label in ("0.5", "$\\alpha_{max}$", "x", "max", "3×3 layers")
        if labels.has_words(label)
    ] == [
        "max",
        "3×3 layers",
    ]
