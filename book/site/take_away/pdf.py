"""One edition as PDF: all articles on one page, printed by Chromium with outline, tags and page
numbers.

It is printed twice. Chromium cannot write the number of a page that it has yet to lay out, so the
first book tells where each article begins, and the contents of the second say it.
"""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Mapping
from copy import copy
from html import escape
from pathlib import Path
from typing import cast

from bs4 import BeautifulSoup, NavigableString, Tag
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from book.site.take_away.pages import Edition, TakeAwayError, add_class, anchor
from book.site.words import word

HERE = Path(__file__).parent
_PAGE = """<!doctype html>
<html lang="{lang}" data-theme="light"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="../../_static/course.css"><style>{style}</style></head>
<body><main>
<header class="course-cover"><p class="course-cover-title">{title}</p><p>{subtitle}</p>
<p><a href="{address}">{address}</a></p><p>{licence}</p></header>
<nav class="course-contents"><p class="course-contents-title">{contents}</p><ol>{listed}</ol></nav>
{articles}
</main></body></html>
"""
_FOOTER = (
    '<div style="width:100%;font:8px sans-serif;color:#56616b;text-align:center">'
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>'
)


# Boxes beyond these may be broken between pages; kept whole, they would leave half a page empty.
_LONG_CODE = 16  # lines
_LONG_OUTPUT = 8
_LONG_BOX = 900  # half-width characters, about a fifth of a page
_NARROW = 70  # half-width characters of code that fit into any box
_HANGING = 8  # how far the rest of a line of code stands behind its beginning
_TEXT_WIDTH = 650  # CSS pixels of a page, between the margins
_TALLEST = 397  # 105 mm
_GAP = 20
_SMALLEST = 0.9  # of a drawing's size, to have all its parts in one row


def document(edition: Edition, numbers: Mapping[str, int] | None = None) -> str:
    """The whole book as one HTML page, for the folder of the edition's pages; its folds are open,
    as on any paper. The contents say on which page an article begins where `numbers` has its name.
    """
    said = numbers or {}
    listed = "".join(
        f'<li><a href="#{anchor(a.name)}"><span>{escape(a.title)}</span>'
        f'<span class="course-page">{said.get(a.name, "")}</span></a></li>'
        for a in edition.articles
    )
    return _PAGE.format(
        lang=edition.lang,
        title=edition.title,
        subtitle=word(edition.lang, "subtitle"),
        address=escape(edition.address),
        licence=word(edition.lang, "book licence"),
        contents=word(edition.lang, "contents"),
        style=(HERE / "print.css").read_text("utf-8"),
        listed=listed,
        articles="\n".join(str(_for_paper(article.body)) for article in edition.articles).replace(
            "<details", "<details open"
        ),
    )


def _for_paper(body: Tag) -> Tag:
    """A copy in which what may be broken between pages has a class that says so, a question and its
    choices are one, long lines of code hang, and drawings stand in rows.
    """
    told = copy(body)
    for box in told.select("pre, details"):
        if box.name == "pre":
            output = box.find_parent(class_="cell_output")
            long = box.get_text().count("\n") > (_LONG_OUTPUT if output else _LONG_CODE)
        else:
            long = bool(box.select("img, svg, pre")) or _width(box.get_text()) > _LONG_BOX
        if long:
            add_class(box, "course-long")
    for question in told.select(".course-quiz > .course-question"):
        choices = question.find_next_sibling(class_="course-choices-list")
        asked = question.wrap(_new("div", "course-asked"))
        if choices:
            asked.append(choices.extract())
    for code in told.select("pre"):
        if not code.find_parent(class_="cell_output"):
            _hang(code)
    for drawing in told.select(".course-drawing"):
        if len(drawing.find_all("svg", recursive=False)) > 1:
            _set_in_rows(drawing)
    return told


def _new(name: str, class_: str, **more: str) -> Tag:
    return BeautifulSoup().new_tag(name, attrs={"class": class_, **more})


def _hang(code: Tag) -> None:
    """Let what does not fit into a line of `code` go on behind the line's own indentation."""
    lines: list[list[NavigableString | Tag]] = [[]]
    for part in list(code.children):
        part = cast("NavigableString | Tag", part)
        if isinstance(part, Tag) or "\n" not in part:
            if "\n" in part.get_text():  # a text of many lines
                lines += [[]]
                continue
            lines[-1].append(part)
            continue
        pieces = [NavigableString(piece) for piece in part.split("\n")]
        breaks = [NavigableString("\n") for _ in pieces[1:]]
        shuffled = [pieces[0]]
        for ended, piece in zip(breaks, pieces[1:], strict=True):
            shuffled += [ended, piece]
        part.replace_with(*shuffled)
        lines[-1].append(pieces[0])
        lines += [[piece] for piece in pieces[1:]]
    for line in lines:
        text = "".join(part.get_text() for part in line)
        if _width(text) > _NARROW:
            deep = len(text) - len(text.lstrip()) + _HANGING
            span = _new("span", "course-hanging", style=f"--deep: {deep}ch")
            line[0].insert_before(span)
            for part in line:
                span.append(part.extract())


def _set_in_rows(drawing: Tag) -> None:
    """Draw the parts of `drawing` at one scale, in one row where they can be read so, otherwise in
    rows that hold as many as the first.
    """
    parts = drawing.find_all("svg", recursive=False)
    wide = [float(str(part["width"])) for part in parts]
    tall = [float(str(part["height"])) for part in parts]
    count = len(parts)
    scale = (_TEXT_WIDTH - _GAP * (count - 1)) / sum(wide)
    if scale < _SMALLEST:
        fitting = next(
            n
            for n in range(count - 1, 0, -1)
            if all(
                sum(wide[at : at + n]) + _GAP * (n - 1) <= _TEXT_WIDTH for at in range(0, count, n)
            )
        )
        count = -(-len(parts) // -(-len(parts) // fitting))  # as even as can be
        scale = 1.0
    scale = min(1.0, scale, _TALLEST / max(tall))
    for part, width, height in zip(parts, wide, tall, strict=True):
        part["width"], part["height"] = f"{width * scale:.1f}", f"{height * scale:.1f}"
    for at in range(0, len(parts), count):
        row = _new("div", "course-drawn-row")
        parts[at].insert_before(row)
        for part in parts[at : at + count]:
            row.append(part.extract())


def _width(text: str) -> int:
    """In half-width characters: a Korean syllable is as wide as two Latin letters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def page_numbers(pdf: Path, edition: Edition) -> dict[str, int]:
    """The page on which each article of the printed edition begins, the first being 1."""
    reader = PdfReader(pdf)
    places = {name.lstrip("/"): place for name, place in reader.named_destinations.items()}
    found = {a.name: places.get(anchor(a.name)) for a in edition.articles}
    numbers = {
        name: reader.get_destination_page_number(place) for name, place in found.items() if place
    }
    return {name: number + 1 for name, number in numbers.items() if number is not None}


def write_pdf(site: Path, edition: Edition, target: Path) -> None:
    """Print the edition to `target`. Raises `TakeAwayError` where Chromium is missing."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise TakeAwayError(
            "chromium is missing, so no PDF can be printed: sudo apt-get install chromium"
            " fonts-nanum fonts-dejavu-extra, then again."
        )
    page_file = site / "notebooks" / edition.lang / "take-away.tmp.html"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(java_script_enabled=False)
            numbers: dict[str, int] = {}
            for _ in range(2):
                page_file.write_text(document(edition, numbers), "utf-8")
                page.goto(page_file.resolve().as_uri(), wait_until="load")
                page.pdf(
                    path=target,
                    format="A4",
                    margin={"top": "18mm", "bottom": "20mm", "left": "18mm", "right": "18mm"},
                    tagged=True,
                    outline=True,
                    display_header_footer=True,
                    header_template="<span></span>",
                    footer_template=_FOOTER,
                )
                numbers = page_numbers(target, edition)
            browser.close()
    finally:
        page_file.unlink()
