"""The search: an index of sections that `search.js` reads, one file per language.

Sphinx's own search splits text at spaces and returns pages. Korean glues particles to nouns and
writes compounds with and without spaces, so the browser indexes pairs of syllables instead
(`static/search.js`). Written here is only what it needs: each section's address, title and text,
the names that occur in its code, what readers ask that it answers (`asked/PAGE.yml`), the
playgrounds, the glossary with every way of writing a term, and the words that readers use for one
another (`synonyms.yml`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from book.bilingual.lesson.links import LANGUAGES
from book.site import plays, quizzes
from book.site.terms import names, term_anchor

_LOGGER = logging.getLogger(__name__)
_PAGE = re.compile(r"notebooks/(ko|en)/(.+)")
_CODE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_COMMENT = re.compile(r"(?:^|\s)#.*")
# of a library, or of what stands for a network and its training in any notebook
_LIBRARY = r"(?:torch|nn|np|plt|x|p|model|net|loss|optimizer)\."
# variables, what a cell asks of its own, and words of strings: they say nothing of their own
_PLAIN = re.compile(
    rf"[a-z]+|(?!{_LIBRARY})[a-z_]+\..*|[a-z]{{1,3}}\d"
    "|None|True|False|The|With|__init__|NotImplementedError"
)
_SYNONYMS = Path(__file__).with_name("synonyms.yml")
ASKED = Path("book", "site", "asked")  # of the project whose site is built
_LOST = "book/site/asked/%s.yml (%s) asks of %s: move its questions to where the answer stands"
# below a heading: how long the section takes
_MINUTES = re.compile(r"(?:심화 · )?약 \d+분|(?:Going deeper · )?About \d+ minutes")
_SILENT = ("left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "mathrm", "text")
_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"  # with groups inside, as of an index
_FRACTION = re.compile(rf"\\[dt]?frac\s*{_GROUP}\s*{_GROUP}")
_TEX = dict.fromkeys((*_SILENT, "mathbf", "operatorname", "quad", "qquad"), "") | {
    "times": "×",
    "cdot": "·",
    "le": "≤",
    "ge": "≥",
    "approx": "≈",
    "infty": "∞",
    "dots": "…",
    "sum": "Σ",
    "prod": "Π",
    "sqrt": "√",
    "lfloor": "⌊",
    "rfloor": "⌋",
    "lVert": "‖",
    "rVert": "‖",
    "leftarrow": "←",
    "mapsto": "↦",
    "mu": "μ",
    "sigma": "σ",
    "gamma": "γ",
    "beta": "β",
    "theta": "θ",
    "eta": "η",
    "epsilon": "ε",
    "varepsilon": "ε",
}
SKIPPED = {"glossary"}  # its entries come from the glossary itself
MAX_TEXT = 4000  # characters of one section


def sections(doctree: nodes.document) -> list[dict[str, str]]:
    """The sections of a page: `a` anchor, `t` title, `x` text, `c` names that only its visible code
    has, and `f`, where there are folds, the text in them: it is found, and not shown, since it
    answers what the reader is asked.
    """
    found = []
    for section in doctree.findall(nodes.section):
        title = next(iter(section.findall(nodes.title)), None)
        if title is None:
            continue
        prose, code = list(_prose(section)), " ".join(_code(section))
        shown, folded = (
            _squeeze(" ".join(said for said, inside in prose if inside == fold))
            for fold in (False, True)
        )
        entry = {
            "a": section["ids"][0],
            "t": _squeeze(title.astext()),
            "x": shown[:MAX_TEXT],
        }
        if folded := folded[: MAX_TEXT - len(entry["x"])]:
            entry["f"] = folded
        written = f"{entry['t']} {shown} {folded}"
        entry["c"] = " ".join(name for name in dict.fromkeys(_names(code)) if name not in written)
        found.append(entry)
    return found


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _own(section: nodes.Element) -> Iterator[nodes.Node]:
    """What stands in `section` itself, and not in a section inside it or in a quiz, whose wrong
    choices mislead.
    """
    asked = {i for start, end in quizzes.ranges(section) for i in range(start, end + 1)}
    for i, child in enumerate(section.children):
        if not isinstance(child, nodes.section) and i not in asked:
            yield child


def _prose(section: nodes.Element) -> Iterator[tuple[str, bool]]:
    """Block by block, since an excerpt shows it: no gap beside a link, nothing but words. With each
    block, whether it is folded.
    """
    depth = 0  # of folds
    for child in _own(section):
        if isinstance(child, nodes.title) or _is_cell(child):
            continue
        for block in child.findall(nodes.TextElement):
            if isinstance(block, nodes.raw):
                html = block.astext()
                depth += html.count("<details") - html.count("</details>")
            elif not isinstance(block.parent, nodes.TextElement | nodes.Inline):
                said = "".join(_pieces(block)).removeprefix(f"{quizzes.MARK} ")
                if not _MINUTES.fullmatch(said):
                    yield said, depth > 0


def _pieces(block: nodes.TextElement) -> Iterator[str]:
    for text in block.findall(nodes.Text):
        if isinstance(text.parent, nodes.math | nodes.math_block):
            yield formula_in_words(str(text))
        elif not isinstance(text.parent, nodes.raw | nodes.comment):
            yield str(text)


def formula_in_words(tex: str) -> str:
    r"""A formula as a line of text: `\frac14` becomes 1/4. Good enough to find and to recognize."""
    tex = re.sub(r"\\[,;:!> ]", " ", tex)  # room
    tex = re.sub(r"\\[dt]?frac\s*(\w)(\w)", r"\1/\2", tex)
    tex = re.sub(r"\\(?:hat|bar|tilde)\s*(?:\{([^{}]*)\}|(\w))", r"\1\2", tex)
    while (inner := _FRACTION.sub(r"(\1)/(\2)", tex)) != tex:  # from the inside out
        tex = inner
    tex = re.sub(r"\\([A-Za-z]+)\s?", lambda name: _TEX.get(name[1], f"{name[1]} "), tex)
    return re.sub(r"[{}\\&]", "", tex)


def _is_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def _code(section: nodes.Element) -> Iterator[str]:
    for child in _own(section):
        if _is_cell(child) and not child.get("hide_mode"):  # type: ignore[attr-defined]
            for block in child.findall(nodes.literal_block):
                if (
                    isinstance(block.parent, nodes.container)
                    and block.parent.get("nb_element") == "cell_code_source"
                ):
                    yield _COMMENT.sub("", block.astext())
        for literal in child.findall(nodes.literal):
            yield literal.astext()


def _names(code: str) -> Iterator[str]:
    for name in _CODE_NAME.findall(code):
        if len(name) > 2 and not _PLAIN.fullmatch(name):
            yield name


def remember(app: Sphinx, doctree: nodes.document) -> None:
    """Called for each page as it is read; kept in the environment, so that an unchanged page is not
    read again.
    """
    _store(app.env)[app.env.docname] = sections(doctree)


def forget(app: Sphinx, env: Any, docname: str) -> None:
    """Called before a page is read again, and where it is gone."""
    _store(env).pop(docname, None)


def merge(app: Sphinx, env: Any, docnames: set[str], other: Any) -> None:
    """Called where pages were read by another process."""
    _store(env).update({name: found for name, found in _store(other).items() if name in docnames})


def _store(env: Any) -> dict[str, list[dict[str, str]]]:
    if not hasattr(env, "course_sections"):
        env.course_sections = {}
    return env.course_sections  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _loaded(text: str) -> list[dict[str, Any]]:
    return yaml.safe_load(text) or []


def glossary_entries(path: Path, lang: str) -> list[dict[str, Any]]:
    """The glossary for the search: `a` anchor, `t` the term, `d` its definition, `n` every way of
    writing it.

    Ways of writing are those of both languages, those that prose avoids, and `search`
    (misspellings, loan words).
    """
    found = []
    for entry in _loaded(path.read_text("utf-8")):
        other = next(code for code in LANGUAGES if code != lang)
        written = [
            *names(entry, lang),
            *names(entry, other),
            *entry["avoid_ko"],
            *entry["avoid_en"],
        ]
        written += entry.get("search", [])
        found.append(
            {
                "a": term_anchor(entry["en"]),
                "t": str(entry[lang]),
                "o": str(entry[other]),
                "d": _squeeze(entry[f"{lang}_def"]).replace("`", ""),
                "n": list({_tight(way): way for way in reversed(written)}.values())[::-1],
            }
        )
    return found


def _tight(name: str) -> str:
    """What `static/search.js` compares of a name: a term written in one word is in two, too."""
    return re.sub(r"[\s\-_.·,:;?!()'\"‐‑–—]", "", name.lower().replace("×", "x"))


def with_questions(
    found: list[dict[str, Any]], asked: dict[str, list[str]]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The sections with what readers ask that they answer (`q`), and the anchors of `asked` that no
    section has.
    """
    anchors = {section["a"] for section in found}
    sections = [
        {**section, "q": asked[section["a"]]} if section["a"] in asked else section
        for section in found
    ]
    return sections, [anchor for anchor in asked if anchor not in anchors]


def columns(found: list[dict[str, Any]]) -> dict[str, str]:
    """The sections of all pages, field by field, a line for each: like beside like is a twentieth
    fewer bytes when compressed. An anchor that follows from the title is left out.
    """
    kept = [
        {**section, "a": ""} if section["a"] == slug(section["t"]) else section for section in found
    ]
    return _lines(kept, "axtfqc")


def glossary_columns(entries: list[dict[str, Any]]) -> dict[str, str]:
    """The glossary, field by field as `columns`, without what follows from a term in both
    languages: its anchor and its own names.
    """
    kept = []
    for entry in entries:
        own = {_tight(name) for code in "to" for name in names(entry, code)}
        kept.append({**entry, "n": [name for name in entry["n"] if _tight(name) not in own]})
    return _lines(kept, "todn")


def _lines(entries: list[dict[str, Any]], fields: str) -> dict[str, str]:
    """A line for each entry; tabs between what is a list."""

    def line(value: str | list[str]) -> str:
        return _squeeze(value) if isinstance(value, str) else "\t".join(map(_squeeze, value))

    return {field: "\n".join(line(entry.get(field, "")) for entry in entries) for field in fields}


def slug(title: str) -> str:
    """The anchor of most headings; `static/search.js` makes the same."""
    return re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))


def write(app: Sphinx, error: Exception | None) -> None:
    """Write `search-ko.js` and `search-en.js`: scripts, since a page opened from a disk may fetch
    nothing else.
    """
    if error or app.builder.format != "html":
        return
    path = Path(app.confdir) / app.config.course_glossary
    files = sorted((Path(app.confdir) / ASKED).glob("*.yml"))
    asked = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in files}
    for lang in LANGUAGES:
        pages, on_pages, unread = [], [], set(asked)
        for name in app.env.course_pages[lang]:  # type: ignore[attr-defined]
            match = _PAGE.fullmatch(name)
            if match and match[2] not in SKIPPED:
                title = app.env.titles[name].astext()
                found = [*_store(app.env).get(name, []), *plays.sections(match[2], lang)]
                questions = asked.get(match[2], {}).get(lang, {})
                found, lost = with_questions(found, questions)
                address = app.builder.get_target_uri(name)
                pages.append({"p": address, "t": title, "n": len(found)})
                on_pages += found
                unread -= {match[2]}
                for anchor in lost:
                    _LOGGER.warning(
                        _LOST, match[2], lang, f"#{anchor}, a section that {name} lacks"
                    )
        for file in unread:
            _LOGGER.warning(_LOST, file, lang, "a page that the site lacks")
        index = {
            "lang": lang,
            "pages": pages,
            "sections": columns(on_pages),
            "glossary": f"notebooks/{lang}/glossary.html",
            "terms": glossary_columns(glossary_entries(path, lang) if path.exists() else []),
            "same": yaml.safe_load(_SYNONYMS.read_text("utf-8")),
        }
        data = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        (Path(app.outdir) / f"search-{lang}.js").write_text(f"courseSearch.add({data});\n", "utf-8")


def setup(app: Sphinx) -> None:
    """Called by `book.site.extension`."""
    app.connect("doctree-read", remember)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("build-finished", write)
