"""One edition as EPUB 3: a file per page, formulas as MathML, drawings as SVG, figures as PNG
(older readers know no WebP).
"""

from __future__ import annotations

import io
import zipfile
from copy import copy
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from bs4 import Tag
from PIL import Image

from book.site.take_away.pages import Article, Edition, anchor, headings
from book.site.words import word

HERE = Path(__file__).parent
_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0"
 unique-identifier="id" xml:lang="{lang}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{uuid}</dc:identifier>
<dc:title>{title}</dc:title><dc:language>{lang}</dc:language>
<dc:description>{subtitle}</dc:description><dc:rights>CC BY 4.0</dc:rights>
<meta property="dcterms:modified">{modified}</meta>
<meta property="schema:accessMode">textual</meta><meta property="schema:accessMode">visual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessModeSufficient">textual</meta>
</metadata>
<manifest>{manifest}</manifest>
<spine><itemref idref="nav"/>{spine}</spine>
</package>
"""
_PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
 lang="{lang}" xml:lang="{lang}">
<head><meta charset="utf-8"/><title>{title}</title><link rel="stylesheet" href="epub.css"/></head>
<body>{body}</body>
</html>
"""


def write_epub(site: Path, edition: Edition, target: Path) -> None:
    """Write the edition to `target`."""
    pictures: dict[str, str] = {}  # address on the site → name in the book
    names = {anchor(article.name): article.name for article in edition.articles}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        # first, and not compressed
        book.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        book.writestr("META-INF/container.xml", _CONTAINER)
        book.writestr("book/epub.css", (HERE / "epub.css").read_text("utf-8"))
        book.writestr(
            "book/nav.xhtml", _page(edition, word(edition.lang, "contents"), _navigation(edition))
        )
        items, spine = [], []
        for article in edition.articles:
            body = copy(article.body)
            _prepare(body, names, pictures)
            book.writestr(f"book/{article.name}.xhtml", _page(edition, article.title, str(body)))
            properties = ' properties="mathml"' if body.find("math") else ""
            items.append(
                _item(article.name, f"{article.name}.xhtml", "application/xhtml+xml", properties)
            )
            spine.append(f'<itemref idref="{article.name}"/>')
        for source, name in pictures.items():
            file = (site / "notebooks" / edition.lang / source).resolve()
            drawing = file.suffix == ".svg"
            book.writestr(f"book/{name}", file.read_bytes() if drawing else _png(file))
            items.append(
                _item(name.replace(".", "-"), name, "image/svg+xml" if drawing else "image/png")
            )
        items.append(_item("nav", "nav.xhtml", "application/xhtml+xml", ' properties="nav"'))
        items.append(_item("style", "epub.css", "text/css"))
        package = _PACKAGE.format(
            lang=edition.lang,
            uuid=uuid5(NAMESPACE_URL, f"{edition.address}{edition.lang}"),
            title=edition.title,
            subtitle=word(edition.lang, "subtitle"),
            modified=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            manifest="".join(items),
            spine="".join(spine),
        )
        book.writestr("book/package.opf", package)


def _page(edition: Edition, title: str, body: str) -> str:
    return _PAGE.format(lang=edition.lang, title=escape(title), body=body)


def _item(identity: str, href: str, media: str, more: str = "") -> str:
    return f'<item id="{identity}" href="{href}" media-type="{media}"{more}/>'


def _navigation(edition: Edition) -> str:
    def inner(article: Article) -> str:
        found = "".join(
            f'<li><a href="{article.name}.xhtml#{address}">{escape(title)}</a></li>'
            for address, title in headings(article)
        )
        return f"<ol>{found}</ol>" if found else ""

    listed = "".join(
        f'<li><a href="{a.name}.xhtml">{escape(a.title)}</a>{inner(a)}</li>'
        for a in edition.articles
    )
    return f'<nav epub:type="toc"><h1>{word(edition.lang, "contents")}</h1><ol>{listed}</ol></nav>'


def _prepare(body: Tag, names: dict[str, str], pictures: dict[str, str]) -> None:
    """Make one article a file of its own: links name the file, pictures lie beside it, namespaces
    are said.
    """
    for link in body.select('a[href^="#"]'):
        address = str(link["href"])[1:]
        link["href"] = f"{names[address.split('--')[0]]}.xhtml#{address}"
    for drawing in body.select(".course-drawing"):
        source = f"../../_static/{drawing['data-file']}"
        drawing.clear()
        drawing.name, drawing.attrs = "img", {"src": source, "alt": drawing["aria-label"]}
    for image in body.select("img"):
        source = str(image["src"])
        suffix = ".svg" if source.endswith(".svg") else ".png"
        image["src"] = pictures.setdefault(source, f"figure{len(pictures) + 1}{suffix}")
    for formula in body.select("math"):
        formula["xmlns"] = "http://www.w3.org/1998/Math/MathML"
        if tex := formula.find("annotation"):
            formula["alttext"] = tex.get_text()


def _png(path: Path) -> bytes:
    if path.suffix == ".png":
        return path.read_bytes()
    out = io.BytesIO()
    with Image.open(path) as picture:
        picture.save(out, "PNG", optimize=True)
    return out.getvalue()
