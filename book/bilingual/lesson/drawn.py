"""Drawings in lessons: `![alt](drawing:NAME)` on a line of its own, the caption on the lines right
below.

The build numbers them ("그림 2.1", "Figure 2.1") and links the file on the students' site, which
Jupyter and Colab show; the site itself puts the drawing into the page (`book/site/drawn.py`).
`book/drawings` makes the files. No two lessons share a number: those of assignments begin with E
("Figure E4.1"), those of a page with its initial ("Figure B.1" on the page `beyond`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.lesson import markdown
from book.bilingual.lesson.source import Cell, Lesson

FOLDER = "book/site/static/drawings"  # where the files lie; on the site, `_static/drawings`
_SCHEME = "drawing:"
_PLACE = re.compile(
    r"^!\[(?P<alt>[^\]]+)\]\(drawing:(?P<name>[\w-]+)\)\n(?P<caption>\S.*(?:\n.*\S.*)*)", re.M
)
_CAPTION = {"ko": "**그림 {}.** {}", "en": "**Figure {}.** {}"}
_NUMBER = re.compile(r"(ch|ex)0*(\d+)_")


def names(text: str) -> list[str]:
    """The drawings that a text shows, in order."""
    found = [match[2] for match in markdown.IMAGE.finditer(markdown.blank_code(text))]
    return [target.removeprefix(_SCHEME) for target in found if target.startswith(_SCHEME)]


def faults(lesson: Lesson, cell: Cell) -> Iterator[Problem]:
    """Drawings of one cell that lack an alt text, a line of their own, or a caption. Called by
    `validate`.
    """
    if len(names(cell.text)) != len(_PLACE.findall(cell.text)):
        what = (
            f"a drawing ({', '.join(names(cell.text))}) without alt text or caption, or inside a"
            " sentence"
        )
        mend = "write ![alt](drawing:NAME) on a line of its own, and the caption on the next line"
        yield lesson.problem(cell, what, mend)


def address(root: Path) -> str:
    """The students' site, as `_config.yml` names it. Raises `ProblemsFound` where it does not."""
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    found = config["sphinx"]["config"].get("html_baseurl")
    if not found:
        what = (
            "html_baseurl is empty, so drawings have no address that Colab and Jupyter could show"
        )
        mend = "name the students' site at the top of the file"
        raise ProblemsFound([Problem("_config.yml", 0, "", what, mend)])
    return str(found)


class Shelf:
    """The drawings and figures of one lesson in one language, numbered as they come."""

    def __init__(self, root: Path, lesson: Lesson, lang: str) -> None:
        self._root, self._lesson, self._lang, self._count = root, lesson, lang, 0

    def placed(self, text: str, cells: Iterable[Cell]) -> str:
        """`text` with each drawing as a linked picture and a numbered caption.

        Raises `ProblemsFound` where a drawing does not exist, or the site has no address.
        """

        def one(match: re.Match[str]) -> str:
            file = f"{match['name']}-{self._lang}.svg"
            if not (self._root / FOLDER / file).is_file():
                what = f"there is no drawing {match['name']!r}: {FOLDER}/{file} is missing"
                mend = "name one of book/drawings/catalog.py, and run python -m book.drawings"
                raise ProblemsFound([self._lesson.problem(next(iter(cells)), what, mend)])
            caption = self.caption(match["caption"])
            return f"![{match['alt']}]({address(self._root)}_static/drawings/{file})\n\n{caption}"

        return _PLACE.sub(one, text) if _SCHEME in text else text

    def caption(self, text: str) -> str:
        """The next number, and `text`."""
        self._count += 1
        number = f"{_series(self._lesson.name)}.{self._count}"
        return _CAPTION[self._lang].format(number, text.strip())


def _series(name: str) -> str:
    """What the figures of a lesson are numbered under: 2 for chapter 2, E4 for assignment 4."""
    found = _NUMBER.match(name)
    if found is None:
        return name[0].upper()
    return ("E" if found[1] == "ex" else "") + found[2]
