"""What is folded says what it holds, and costs nothing until it is opened.

A closed fold's content stands in `<noscript>`: a browser with scripts reads it as one piece of text
and builds no elements, and `course.js` puts it in place when the fold is opened; without scripts it
is simply there.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxTranslator

from book.site.words import word

# as `bilingual.inline` writes them
HELPERS, RESULTS = "#@title Helpers", "#@title Results of the studies"
_NEUTRAL = re.compile(r'<span class="(?:n|p|w|o|nn|nv|vm|bp|py|ne|fm)">([^<]*)</span>')
_DEEPER = re.compile(r"<p>(<em>(?:심화|Going deeper) · [^<]+</em>)</p>")
_SECTION = re.compile(r"<(/?)section\b")
_EMPTY = re.compile(r"<pre><span></span>")


def visit_fold(self: SphinxTranslator, node: HideCodeCellNode) -> None:
    """Called by Sphinx where myst-nb hides a part of a cell."""
    page: str = self.builder.current_docname  # type: ignore[attr-defined]
    lang = "en" if page.startswith("notebooks/en/") else "ko"
    self.body.append(
        f'<details class="course-fold"><summary>{escape(label(node, lang))}</summary><noscript>\n'
    )


def depart_fold(self: SphinxTranslator, node: HideCodeCellNode) -> None:
    self.body.append("</noscript></details>\n")


def label(node: nodes.Element, lang: str) -> str:
    """What the fold says: code, helpers or output, and how many lines of code."""
    code = [block.astext() for block in node.findall(nodes.literal_block) if _is_input(block)]
    lines = sum(text.rstrip().count("\n") + 1 for text in code)
    if not code:
        return word(lang, "fold output")
    if code[0].startswith(HELPERS):
        return word(lang, "fold helpers", f"{lines:,}")
    if code[0].startswith(RESULTS):
        return word(lang, "fold results", f"{lines:,}")
    whole = any(c.get("nb_element") == "cell_code_output" for c in node.findall(nodes.container))
    return word(lang, "fold cell" if whole else "fold code", f"{lines:,}")


def _is_input(block: nodes.literal_block) -> bool:
    parent = block.parent
    return isinstance(parent, nodes.container) and parent.get("nb_element") == "cell_code_source"


def lighten(html: str) -> str:
    """`html` without the spans of highlighted code that are coloured like plain text: two elements
    in three.
    """
    return _EMPTY.sub("<pre>", _NEUTRAL.sub(r"\1", html))


def deeper(html: str) -> str:
    """`html` with the sections that may be skipped folded: all but the heading, under the line that
    says so. One with a playground stays open: nobody would come upon it.
    """
    for mark in reversed(list(_DEEPER.finditer(html))):
        end, depth = mark.end(), 1
        for tag in _SECTION.finditer(html, mark.end()):
            depth += -1 if tag[1] else 1
            if not depth:
                end = tag.start()
                break
        opening = f'<details class="course-deeper"><summary>{mark[1]}</summary>'
        inside = html[mark.end() : end]
        if 'class="course-play"' in inside:
            continue
        html = f"{html[: mark.start()]}{opening}{inside}</details>\n{html[end:]}"
    return html


def setup(app: Sphinx) -> None:
    """Called by `book.site.extension`."""
    app.add_node(HideCodeCellNode, override=True, html=(visit_fold, depart_fold))
