"""Drawings in built pages: in the page itself, with a name and a caption, and nothing is loaded for
them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document

from book.site.drawn import draw

STATIC = Path(__file__).parents[2] / "book/site/static"
LINK = "https://example.org/course/_static/drawings/heads-en.svg"


def page(uri: str) -> nodes.document:
    document = new_document("test")
    document += nodes.paragraph("", "", nodes.image(uri=uri, alt='A "GAP" head'))
    document += nodes.paragraph("", "", nodes.strong("", "Figure 2.1."), nodes.Text(" Two heads."))
    return document


def test_a_linked_drawing_becomes_part_of_the_page_with_its_caption() -> None:
    document = page(LINK)
    assert draw(document, STATIC) == 1
    assert not list(document.findall(nodes.image))
    start, caption, end = document.children
    shown = BeautifulSoup(f"{start.astext()}{caption.astext()}{end.astext()}", "html.parser")
    drawing = shown.select_one("figure.course-drawn > div.course-drawing[role=img]")
    assert drawing and drawing["aria-label"] == 'A "GAP" head' and len(drawing.select("svg")) == 2
    # which the pages' policy forbids
    assert not drawing.select("style") and "style=" not in str(drawing)
    assert shown.figcaption and shown.figcaption.text == "Figure 2.1. Two heads."


def test_other_pictures_stay() -> None:
    document = page("https://example.org/photo.svg")
    assert draw(document, STATIC) == 0
    assert len(list(document.findall(nodes.image))) == 1


def test_every_drawing_of_the_site_has_a_caption_in_each_language(site: Path) -> None:
    for lang in ("ko", "en"):
        shown = set()
        for path in (site / "notebooks" / lang).glob("*.html"):
            for figure in BeautifulSoup(path.read_text("utf-8"), "html.parser").select(
                "figure.course-drawn"
            ):
                assert figure.figcaption and figure.figcaption.text.strip()
                shown.add(str(figure.div["data-file"]))
        wanted = {f"drawings/{path.name}" for path in (STATIC / "drawings").glob(f"*-{lang}.svg")}
        assert shown == wanted


@pytest.mark.parametrize(("lang", "word"), [("ko", "그림"), ("en", "Figure")])
def test_figures_and_drawings_are_numbered_together_below_the_picture(
    site: Path, lang: str, word: str
) -> None:
    for path in sorted(site.glob(f"notebooks/{lang}/ch0*.html")):
        page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        numbers = [caption.strong.text for caption in page.select("article figcaption")]
        chapter = int(path.name[2:4])
        wanted = [f"{word} {chapter}.{number}." for number in range(1, len(numbers) + 1)]
        assert numbers == wanted, path.name
        for image in page.select(".cell_output img"):
            assert image.find_parent("figure").figcaption, (path.name, image["src"])
        assert not page.select("figure[id], figcaption .headerlink"), path.name
