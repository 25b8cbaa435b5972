"""One edition as PDF: all articles on one page, printed by Chromium with outline, tags and page
numbers.
"""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from book.site.take_away.pages import Edition, TakeAwayError, anchor
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


def document(edition: Edition) -> str:
    """The whole book as one HTML page, for the folder of the edition's pages; its folds are open,
    as on any paper.
    """
    listed = "".join(
        f'<li><a href="#{anchor(a.name)}">{escape(a.title)}</a></li>' for a in edition.articles
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
        articles="\n".join(str(article.body) for article in edition.articles).replace(
            "<details", "<details open"
        ),
    )


def write_pdf(site: Path, edition: Edition, target: Path) -> None:
    """Print the edition to `target`. Raises `TakeAwayError` where Chromium is missing."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise TakeAwayError(
            "chromium is missing, so no PDF can be printed: sudo apt-get install chromium"
            " fonts-nanum, then again."
        )
    page_file = site / "notebooks" / edition.lang / "take-away.tmp.html"
    page_file.write_text(document(edition), "utf-8")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(java_script_enabled=False)
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
            browser.close()
    finally:
        page_file.unlink()
