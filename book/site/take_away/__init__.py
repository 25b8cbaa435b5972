"""The course to take away: a PDF and an EPUB of each language, and the whole site in one zip.

    python -m book.site.take_away [SITE]     (`make take-away` builds the site before and after)

All of them are made from the pages of a built site, so they say what it says. They land in
`SITE/take-away`; a site that is built while they lie there links them at the foot of each page.

    pages   the articles of one edition, in reading order, with links that stay inside the book
    pdf     one long page, printed by Chromium: it sets MathML, embeds the fonts, tags the text
    epub    EPUB 3, a file per page
    zipped  the site for a folder of one's own: it opens without a server
"""

from __future__ import annotations

from pathlib import Path

from book.bilingual.lesson.links import LANGUAGES
from book.site.take_away.epub import write_epub
from book.site.take_away.pages import read_edition
from book.site.take_away.pdf import write_pdf
from book.site.words import take_away_name

FOLDER = "take-away"


def write_books(site: Path) -> None:
    """PDF and EPUB of each language. Raises `TakeAwayError` where `site` is not built or Chromium
    is missing.
    """
    folder = site / FOLDER
    editions = [read_edition(site, lang) for lang in LANGUAGES]
    folder.mkdir(exist_ok=True)
    for edition in editions:
        write_pdf(site, edition, folder / take_away_name("pdf", edition.lang))
        write_epub(site, edition, folder / take_away_name("epub", edition.lang))
