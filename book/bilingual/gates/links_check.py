"""Links between pages: each leads to a page that exists, at an anchor that exists, inside its own
language.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.lesson import markdown
from book.bilingual.lesson.source import Cell, Lesson, find_lessons, prose, read_lesson

_OUTSIDE = re.compile(r"^(https?:|mailto:)")
_IDS = re.compile(r"\bid=[\"']([^\"']+)[\"']")
_CODE_CELL = re.compile(r"^```\{code-cell\}", re.MULTILINE)


@dataclass
class Target:
    """A page that can be linked to, with the anchors of each language."""

    file: str  # such as "ch02_gap.ipynb"
    anchors: dict[str, list[str]]

    @property
    def name(self) -> str:
        return Path(self.file).stem


@functools.lru_cache(maxsize=64)
def anchors(source: str) -> dict[str, list[str]]:
    """Of each language: the anchors of a source's headings and HTML ids, cell by cell."""
    cells = list(prose(source))
    found: dict[str, list[str]] = {"ko": [], "en": []}
    for lang, its in found.items():
        seen: dict[str, int] = {}
        for text in (text for own, text in cells if own in (lang, None)):
            for heading in filter(None, map(markdown.HEADING.match, text.split("\n"))):
                slug = markdown.slug(heading[2])
                count = seen[slug] = seen.get(slug, -1) + 1
                its.append(f"{slug}-{count}" if count else slug)
            its += _IDS.findall(text)
    return found


class LinkMap:
    """Every page of the course and its anchors. A page is looked through when something leads to
    it, and parsed only where the link seems to be broken.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sources = {name: (kind, path) for kind, name, path in find_lessons(root)}
        self._seen: dict[str, Target] = {}

    def _target(self, name: str) -> Target | None:
        if name not in self._seen and name in self._sources:
            kind, path = self._sources[name]
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            plain = kind == "page" and not _CODE_CELL.search(text)
            self._seen[name] = Target(f"{name}.{'md' if plain else 'ipynb'}", anchors(text))
        return self._seen.get(name)

    def _is_well_formed(self, name: str) -> bool:
        kind, path = self._sources[name]
        try:
            return bool(read_lesson(self._root, kind, path))
        except ProblemsFound:
            return False

    def key(self, page: str, target: str, lang: str) -> str:
        """What a link of `page` points at, whatever the language: the place of an anchor instead of
        its words.
        """
        if _OUTSIDE.match(target):
            return re.sub(r"^(https?://)(ko|en)\.|(?<=[/_=-])(ko|en)(?=[/_.-]|$)", r"\1*", target)
        name, _, anchor = target.partition("#")
        found = self._target(Path(name).stem if name else page)
        if anchor and found and anchor in found.anchors[lang]:
            return f"{name}#{found.anchors[lang].index(anchor)}"
        return target

    def anchor(self, page: str, english: str, lang: str) -> str:
        """The anchor in `lang` of the heading that has the anchor `english`; empty when the page
        has none.
        """
        found = self._target(page)
        if found is None or english not in found.anchors["en"]:
            return ""
        return found.anchors[lang][found.anchors["en"].index(english)]

    def problems(self, lesson: Lesson) -> Iterator[Problem]:
        """Broken internal links of a lesson."""
        for cell in lesson.cells:
            if cell.kind != "markdown":
                continue
            blank = markdown.blank_code(cell.text)
            for match in markdown.LINK.finditer(blank):
                what, mend = self._fault(lesson, cell, match[2])
                if what:
                    offset = blank.count("\n", 0, match.start(2))
                    yield lesson.problem(cell, f"link {match[2]!r}: {what}", mend, offset=offset)

    def _fault(self, lesson: Lesson, cell: Cell, target: str) -> tuple[str, str]:
        if _OUTSIDE.match(target):
            return "", ""
        name, _, anchor = target.partition("#")
        lang = cell.lang or "ko"
        if lesson.is_index:
            lang, slash, name = name.partition("/")
            if lang not in ("ko", "en") or not slash:
                return "the first page links into a language", "write ko/NAME.md or en/NAME.md"
        found = self._target(Path(name).stem if name else lesson.name)
        if name and (found is None or "/" in name):
            similar = difflib.get_close_matches(
                name, [page.file for known in self._sources if (page := self._target(known))], 3
            )
            mend = f"link {' or '.join(similar)}" if similar else "link a page of the course"
            return "there is no such page", f"{mend}; until it is written, build with --draft"
        fault = _fault_at(found, name, anchor, lang) if found else None
        # a page's own faults are reported when it is built; links to it are not judged meanwhile
        return fault if found and fault and self._is_well_formed(found.name) else ("", "")


def _fault_at(page: Target, name: str, anchor: str, lang: str) -> tuple[str, str] | None:
    """What is wrong with a link to the `anchor` of a page that is there, called `name`."""
    if name and name != page.file:
        return "the page has another ending", f"write {page.file}"
    if anchor and anchor not in page.anchors[lang]:
        known = ", ".join(page.anchors[lang]) or "none"
        return f"the page has no heading #{anchor} in this language", f"use one of: {known}"
    return None
