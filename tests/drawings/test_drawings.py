"""Drawings: committed as drawn, readable on a phone, in both languages and both grounds; each gate
seen to fail.
"""

from __future__ import annotations

import math
import re
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from book.bilingual.errors import ProblemsFound
from book.bilingual.lesson.drawn import FOLDER, Shelf, faults, names
from book.bilingual.lesson.source import HEADER, Lesson, read_lesson
from book.drawings import facts, timeline
from book.drawings.aliasing import alias_of
from book.drawings.canvas import STYLES, WIDEST, Panel, styles
from book.drawings.catalog import DRAWINGS, files, problems

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A copy of the drawings and of the addresses, free to be spoiled."""
    shutil.copytree(ROOT / FOLDER, tmp_path / FOLDER)
    shutil.copy(ROOT / "_config.yml", tmp_path)
    return tmp_path


def lesson(root: Path, text: str, name: str = "ch90_test") -> Lesson:
    path = root / f"{name}.md"
    path.write_text(
        f'{HEADER}\n+++ {{"lang": "ko"}}\n\n{text}\n\n+++ {{"lang": "en"}}\n\n{text}\n', "utf-8"
    )
    return read_lesson(root, "chapter", path)


def test_a_drawing_that_is_stale_missing_nobody_s_or_in_no_lesson_is_found(shelf: Path) -> None:
    assert list(problems(shelf, set(DRAWINGS))) == []
    (shelf / FOLDER / "heads-ko.svg").write_text("<svg/>", "utf-8")
    (shelf / FOLDER / "heads-en.svg").unlink()
    (shelf / FOLDER / "old-en.svg").write_text("<svg/>", "utf-8")
    found = [(Path(p.path).name, p.what) for p in problems(shelf, set(DRAWINGS) - {"heads"})]
    assert found == [
        ("heads-ko.svg", "differs from what book/drawings draws"),
        ("heads-en.svg", "is missing"),
        ("old-en.svg", "no module of book/drawings draws this file"),
        ("catalog.py", "the drawing 'heads' stands in no lesson"),
    ]


@pytest.mark.parametrize("path", files())
def test_a_file_is_well_formed_titled_and_uses_known_colors(path: str) -> None:
    drawing = ElementTree.fromstring((ROOT / path).read_text("utf-8"))
    assert drawing[0].tag == f"{SVG}title" and drawing[0].text
    classes = {name for part in drawing.iter() for name in part.get("class", "").split()}
    sheet = STYLES.read_text("utf-8")
    unknown = {
        name
        for name in classes - {"course-drawing", "d-panel", "d-head"}
        if f".course-drawing .{name} " not in sheet
    }
    assert unknown == set()
    assert any(part.text for part in drawing.iter(f"{SVG}text"))
    assert all(float(part.get("width", 0)) <= WIDEST for part in drawing.findall(f"{SVG}svg"))


def test_a_panel_wider_than_a_phone_and_a_label_that_leaves_it_are_refused() -> None:
    with pytest.raises(ValueError, match="does not fit a phone"):
        Panel(WIDEST + 1, 100)
    with pytest.raises(ValueError, match=r"'전역 평균 풀링' .* leaves its panel"):
        Panel(60, 40).text(30, 20, "전역 평균 풀링")


def test_the_file_s_colors_are_written_out_for_light_and_dark() -> None:
    assert "var(" not in styles() and "light-dark" not in styles()
    assert "prefers-color-scheme: dark" in styles()


def test_the_networks_are_counted_as_published() -> None:
    # torchvision's documentation
    assert sum(stage.parameters for stage in facts.vgg16()) == 138_357_544
    assert sum(stage.parameters for stage in facts.resnet50()) == 25_557_032
    assert sum(stage.layers for stage in facts.vgg16()) == 16
    assert sum(stage.layers for stage in facts.resnet50()) == 50


def test_every_year_of_the_timeline_has_its_reference() -> None:
    page = (ROOT / "book/pages/references.md").read_text("utf-8")
    for entry in timeline.ENTRIES:
        assert re.search(rf"^- {entry.author},[^\n]*\({entry.year}\)\. \[", page, re.M), entry


def test_samples_of_a_fine_wave_lie_on_its_alias() -> None:
    period = 16 / 7
    for k in range(0, 32, 2):
        assert math.cos(2 * math.pi * k / period) == pytest.approx(
            math.cos(2 * math.pi * k / alias_of(period, 2))
        )


def test_a_drawing_is_numbered_linked_and_captioned(shelf: Path) -> None:
    read = lesson(shelf, "앞\n\n![대체](drawing:heads)\n설명 한 줄,\n두 줄.\n\n뒤")
    placed = Shelf(shelf, read, "ko").placed(read.cells[0].text, read.cells)
    assert "_static/drawings/heads-ko.svg)\n\n**그림 90.1.** 설명 한 줄,\n두 줄.\n\n뒤" in placed
    assert placed.count("![대체](https://") == 1 and names(placed) == []


@pytest.mark.parametrize(
    ("name", "number"), [("ch02_gap", "2.1"), ("ex04_block", "E4.1"), ("beyond", "B.1")]
)
def test_no_figure_outside_the_chapters_is_numbered_as_a_chapter_s_is(
    shelf: Path, name: str, number: str
) -> None:
    assert Shelf(shelf, lesson(shelf, "앞", name), "en").caption("x") == f"**Figure {number}.** x"


@pytest.mark.parametrize(
    "text", ["![a](drawing:heads)", "![](drawing:heads)\ncaption", "So ![a](drawing:heads) it is"]
)
def test_a_drawing_without_alt_caption_or_line_of_its_own_is_a_fault(
    shelf: Path, text: str
) -> None:
    read = lesson(shelf, text)
    assert ["without alt text or caption" in p.what for p in faults(read, read.cells[0])] == [True]


def test_a_drawing_that_does_not_exist_is_named(shelf: Path) -> None:
    read = lesson(shelf, "![a](drawing:cube)\ncaption")
    with pytest.raises(ProblemsFound, match="there is no drawing 'cube'"):
        Shelf(shelf, read, "ko").placed(read.cells[0].text, read.cells)
