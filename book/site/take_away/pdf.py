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

from bs4 import Tag
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
_LONG_BOX = 1200  # half-width characters, about a quarter of a page


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
        articles="\n".join(
            str(_with_long_parts_told(article.body)) for article in edition.articles
        ).replace("<details", "<details open"),
    )


def _with_long_parts_told(body: Tag) -> Tag:
    """A copy in which what may be broken between pages has a class that says so."""
    told = copy(body)
    for box in told.select("pre, details, .course-quiz"):
        if box.name == "pre":
            long = box.get_text().count("\n") > _LONG_CODE
        else:
            long = bool(box.select("img, svg, pre")) or _width(box.get_text()) > _LONG_BOX
        if long:
            add_class(box, "course-long")
    return told


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
