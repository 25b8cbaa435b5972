"""Links between pages: each leads to a page that exists, at an anchor that exists, inside its own
language.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.lesson import markdown
from book.bilingual.lesson.source import Cell, Lesson, find_lessons, read_lesson

_OUTSIDE = re.compile(r"^(https?:|mailto:)")
_IDS = re.compile(r"\bid=[\"']([^\"']+)[\"']")


@dataclass
class Target:
    """A page that can be linked to, with the anchors of each language."""

    file: str  # such as "ch02_gap.ipynb"
    anchors: dict[str, list[str]] = field(default_factory=lambda: {"ko": [], "en": []})
    readable: bool = True


class LinkMap:
    """Every page of the course and its anchors. A page is read when something leads to it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sources = {name: (kind, path) for kind, name, path in find_lessons(root)}
        self._read: dict[str, Target] = {}

    def _target(self, name: str) -> Target | None:
        if name not in self._read and name in self._sources:
            kind, path = self._sources[name]
            try:
                self._read[name] = self._anchors(read_lesson(self._root, kind, path))
            # its own faults are reported when it is built; links to it are not judged meanwhile
            except ProblemsFound:
                self._read[name] = Target(
                    f"{name}.{'md' if kind == 'page' else 'ipynb'}", readable=False
                )
        return self._read.get(name)

    @staticmethod
    def _anchors(lesson: Lesson) -> Target:
        target = Target(f"{lesson.name}.{'ipynb' if lesson.is_notebook else 'md'}")
        for lang, anchors in target.anchors.items():
            seen: dict[str, int] = {}
            for cell in lesson.cells:
                if cell.kind != "markdown" or cell.lang not in (lang, None):
                    continue
                for _, text in markdown.headings(cell.text):
                    slug = markdown.slug(text)
                    count = seen[slug] = seen.get(slug, -1) + 1
                    anchors.append(f"{slug}-{count}" if count else slug)
                anchors += _IDS.findall(cell.text)
        return target

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
        if found is None or not found.readable:
            return "", ""
        if name and name != found.file:
            return "the page has another ending", f"write {found.file}"
        if anchor and anchor not in found.anchors[lang]:
            known = ", ".join(found.anchors[lang]) or "none"
            return f"the page has no heading #{anchor} in this language", f"use one of: {known}"
        return "", ""
