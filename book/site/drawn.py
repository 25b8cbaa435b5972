"""Drawings in the page itself: their text can be read and searched, their colors follow the page,
panels wrap.

A lesson's Markdown links the file (`book/bilingual/lesson/drawn.py`), its caption in the paragraph
behind it.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from docutils import nodes

_FILE = re.compile(r"https://.+/_static/(drawings/[\w-]+-(?:ko|en)\.svg)")
_PANEL = re.compile(r'<svg class="d-panel" x="[^"]*" y="[^"]*" (.*?)</svg>', re.S)


def draw(document: nodes.document, static: Path) -> int:
    """Put the drawings that `document` links into it, from the files below `static`; returns how
    many there are.
    """
    found = 0
    for image in list(document.findall(nodes.image)):
        match = _FILE.fullmatch(image["uri"])
        paragraph = image.parent
        if not match or not isinstance(paragraph, nodes.paragraph):
            continue
        at = paragraph.parent.index(paragraph)
        caption = paragraph.parent[at + 1]
        panels = _panels((static / match[1]).read_text("utf-8"), image["alt"], match[1])
        start = f'<figure class="course-drawn">{panels}<figcaption>'
        parts = [
            nodes.raw("", start, format="html"),
            caption,
            nodes.raw("", "</figcaption></figure>", format="html"),
        ]
        paragraph.parent[at : at + 2] = parts
        found += 1
    return found


def _panels(file: str, alt: str, name: str) -> str:
    """The panels of a file as one picture, which says where the file lies: the EPUB takes that."""
    panels = "\n".join(f'<svg aria-hidden="true" {inner}</svg>' for inner in _PANEL.findall(file))
    return (
        f'<div class="course-drawing" role="img" aria-label="{escape(alt)}"'
        f' data-file="{name}">{panels}</div>'
    )
