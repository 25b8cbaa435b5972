"""Links from a page's prose to the glossary: the first use of each term, with the definition as a
tooltip.

Done on the resolved doctree, while a page is written: notebooks stay plain Markdown, and an edit of
the glossary re-writes pages without parsing them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.nodes import Element
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxTranslator

from book.site.quizzes import TEXT

# Particles and endings that a noun carries, longest first; `static/search.js` sheds the same.
_PARTICLES = """
에서는 에서도 에서의 까지는 부터는 으로는 으로도 이라는 이라고
입니다 이므로 이지만
에서 에는 에도 에게 까지 부터 보다 처럼 마다 만큼 으로 로는 로도 와는 과는 이란 이나 라는 라고 이며
이고 하고
은 는 이 가 을 를 의 에 로 와 과 도 만 란 나
"""
PARTICLES = tuple(_PARTICLES.split())
# Prose inside these is not linked: headings, code, formulas, links, quotations of output.
_CLOSED = (
    nodes.title,
    nodes.literal,
    nodes.literal_block,
    nodes.reference,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.image,
    nodes.footnote_reference,
    nodes.comment,
)
_REFERENCES = ("참고 문헌", "References")  # sections whose words are titles of others
_PARTICLE = "|".join(PARTICLES)


class term_link(nodes.inline):
    """A glossary term in running text; carries `refuri` and `definition`."""


@dataclass(frozen=True)
class Term:
    """One glossary entry as a page in one language needs it."""

    anchor: str
    definition: str
    pattern: re.Pattern[str]
    # one of these is in a text, in lower case, wherever the pattern matches
    needles: tuple[str, ...]

    def spans(self, text: str, lowered: str) -> list[tuple[int, int]]:
        """Where the term stands in `text`; `lowered` is the same in lower case with plain spaces,
        to say no quickly.
        """
        if not any(needle in lowered for needle in self.needles):
            return []
        return [match.span() for match in self.pattern.finditer(text)]


def term_anchor(en: str) -> str:
    """The anchor of a term on the glossary page, in both languages; as
    `book.bilingual.lesson.glossary` writes it.

    Repeated here, and compared by a test, because that module's imports would slow down every build
    of the site.
    """
    return "term-" + re.sub(r"[^a-z0-9]+", "-", en.lower().replace("×", "x")).strip("-")


def names(entry: dict[str, Any], lang: str) -> list[str]:
    """The ways of writing a term: "전역 평균 풀링(GAP)" is found as a whole, without the
    parenthesis, and as "GAP".
    """
    whole = str(entry[lang])
    written = [whole]
    without = " ".join(re.sub(r"\s*\([^)]*\)", "", whole).split())
    if without != whole:
        written.append(without)
    short = re.search(r"\(([^)]+)\)$", whole)
    if short:
        written.append(short[1])
    return written


def _pattern(written: list[str], lang: str) -> re.Pattern[str]:
    options = "|".join(_one(name, lang) for name in sorted(written, key=len, reverse=True))
    return re.compile(options)


def _one(name: str, lang: str) -> str:
    words = r"\s+".join(re.escape(word) for word in name.split())
    if lang == "ko":
        # A particle may follow, another syllable may not: 채널을, but not 채널별.
        ending = rf"(?![가-힣A-Za-z0-9])|(?=(?:{_PARTICLE})(?![가-힣]))"
        return rf"(?<![가-힣A-Za-z0-9]){words}(?:{ending})"
    if re.fullmatch(r"[A-Z0-9 ]+", name):
        return rf"(?<![\w-]){words}(?![\w-])"
    first = f"[{name[0].upper()}{name[0].lower()}]" if name[0].isalpha() else re.escape(name[0])
    return rf"(?<![\w-]){first}{words[len(re.escape(name[0])) :]}(?:s|es)?(?![\w-])"


def read_terms(path: Path, lang: str) -> list[Term]:
    """The terms of `path` (book/glossary.yml), the longest name first, so that "max pooling" wins
    over "pooling".
    """
    found: list[tuple[int, Term]] = []
    for entry in yaml.safe_load(path.read_text("utf-8")) or []:
        if entry.get("link", True) is False:
            continue
        written = names(entry, lang)
        needles = tuple(" ".join(name.lower().split()) for name in written)
        term = Term(
            term_anchor(entry["en"]), entry[f"{lang}_def"].strip(), _pattern(written, lang), needles
        )
        found.append((max(map(len, written)), term))
    return [term for _, term in sorted(found, key=lambda pair: -pair[0])]


@cache
def _terms(path: Path, lang: str, digest: str) -> list[Term]:
    return read_terms(path, lang)


def link_first_uses(document: nodes.document, terms: list[Term], glossary_uri: str) -> int:
    """Turn the first use of each term in `document` into a link; returns how many were linked."""
    linked: set[str] = set()
    _join_lines(document)
    for text in list(_open_prose(document)):
        pieces = _split(text.astext(), terms, linked, glossary_uri)
        if any(isinstance(piece, Element) for piece in pieces):
            text.parent.replace(text, pieces)
    return len(linked)


def _join_lines(document: nodes.document) -> None:
    """MyST makes each line of a paragraph a text of its own, and a term may run over two."""
    for element in list(document.findall(nodes.TextElement)):
        joined: list[nodes.Node] = []
        for child in element.children:
            if joined and isinstance(child, nodes.Text) and isinstance(joined[-1], nodes.Text):
                joined[-1] = nodes.Text(joined[-1].astext() + child.astext())
            else:
                joined.append(child)
        if len(joined) < len(element.children):
            element[:] = joined


def _open_prose(node: nodes.Node) -> Iterator[nodes.Text]:
    if isinstance(node, _CLOSED):
        return
    if isinstance(node, nodes.section) and node[0].astext() in _REFERENCES:
        return
    if isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
        return
    # a choice is clicked to choose it
    if isinstance(node, nodes.inline) and TEXT in node["classes"]:
        return
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child
        else:
            yield from _open_prose(child)


def _split(text: str, terms: list[Term], linked: set[str], glossary_uri: str) -> list[nodes.Node]:
    """`text` as nodes: the first use of each term that is not in `linked` yet becomes a link, and
    is added there.

    A longer term covers the shorter in it even where it was linked before: "max pooling" is never a
    use of "pooling".
    """
    lowered = re.sub(r"\s", " ", text.lower())
    covered: list[tuple[int, int]] = []
    taken: list[tuple[int, int, Term]] = []
    for term in terms:
        free = [
            (a, b)
            for a, b in term.spans(text, lowered)
            if all(b <= c or a >= d for c, d in covered)
        ]
        covered += free
        if free and term.anchor not in linked:
            linked.add(term.anchor)
            taken.append((*free[0], term))
    pieces: list[nodes.Node] = []
    last = 0
    for start, end, term in sorted(taken, key=lambda item: item[0]):
        if start > last:
            pieces.append(nodes.Text(text[last:start]))
        link = term_link("", text[start:end])
        link["refuri"], link["definition"] = f"{glossary_uri}#{term.anchor}", term.definition
        pieces.append(link)
        last = end
    if last < len(text):
        pieces.append(nodes.Text(text[last:]))
    return pieces


def visit_term_link(self: SphinxTranslator, node: term_link) -> None:
    """A real link: reached by keyboard, useful without a mouse; `course.js` shows the definition in
    a card.
    """
    definition = escape(node["definition"])
    self.body.append(
        f'<a class="course-term" href="{escape(node["refuri"])}" title="{definition}">'
    )


def depart_term_link(self: SphinxTranslator, node: term_link) -> None:
    self.body.append("</a>")


def _nothing(self: SphinxTranslator, node: term_link) -> None:
    """Other builders show the term's plain text."""


def glossary_path(app: Sphinx) -> Path:
    """Where the terms are; the publisher points elsewhere."""
    return Path(app.confdir) / app.config.course_glossary


def remember_digest(app: Sphinx, config: Any) -> None:
    """A changed glossary changes this value, and Sphinx then writes all pages again."""
    path = glossary_path(app)
    config.course_glossary_digest = sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def link_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Called for each page as it is written."""
    match = re.match(r"notebooks/(ko|en)/(.+)", docname)
    digest = app.config.course_glossary_digest
    if app.builder.format != "html" or not match or match[2] == "glossary" or not digest:
        return
    target = f"notebooks/{match[1]}/glossary"
    if target in app.env.found_docs:
        uri = app.builder.get_relative_uri(docname, target)
        link_first_uses(doctree, _terms(glossary_path(app), match[1], digest), uri)


def setup(app: Sphinx) -> None:
    """Called by `book.site.extension`."""
    app.add_config_value("course_glossary", "book/glossary.yml", "html")
    app.add_config_value("course_glossary_digest", "", "html")
    app.add_node(
        term_link,
        html=(visit_term_link, depart_term_link),
        latex=(_nothing, _nothing),
        text=(_nothing, _nothing),
    )
    app.connect("config-inited", remember_digest)
    app.connect("doctree-resolved", link_page)
