"""Sentences of the lessons' Markdown, and its HTML: the formulas as on the site, the links as plain
text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from book.bilingual.lesson import markdown
from book.site.formulas import mathml

_SENTENCE = re.compile(r".*?[.?!][\"”’)*]*(?=\s|$)|.+$", re.S)
_ABBREVIATION = re.compile(r"\b(?:al|vs|e\.g|i\.e)\.$")
_RELATIVE = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:)[^)\s]+\)")


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph. Emphasis, code, formulas and brackets are never cut in two."""
    found: list[str] = []
    for piece in _SENTENCE.findall(" ".join(text.split())):
        if found and (_open(found[-1]) or _ABBREVIATION.search(found[-1])):
            found[-1] += " " + piece.strip()
        elif piece.strip():
            found.append(piece.strip())
    return found


def _open(text: str) -> bool:
    return bool(
        text.count("**") % 2
        or text.count("`") % 2
        or text.count("$") % 2
        or text.count("(") > text.count(")")
    )


def beginning(text: str, length: int) -> tuple[str, str]:
    """As many first sentences of `text` as fit into `length` characters, one at least; and the
    rest.
    """
    found = sentences(text)
    count = 1
    while count < len(found) and len(" ".join(found[: count + 1])) <= length:
        count += 1
    return " ".join(found[:count]), " ".join(found[count:])


def html(text: str) -> str:
    """The HTML of lesson Markdown. Links inside the course become plain text: a slide show has no
    other pages.
    """
    return str(_parser().render(_RELATIVE.sub(r"\1", text)))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.use(dollarmath_plugin, allow_space=True, allow_digits=False)
    parser.add_render_rule("math_inline", _formula)
    parser.add_render_rule("math_block", _formula)
    return parser


def _formula(self: Any, tokens: Sequence[Any], at: int, options: Any, env: Any) -> str:
    block = tokens[at].type == "math_block"
    set_ = mathml(tokens[at].content, block=block)
    return f'<div class="formula">{set_}</div>\n' if block else set_


def slug(heading: str) -> str:
    """The anchor of a heading, as links to it are written."""
    return markdown.slug(heading)
