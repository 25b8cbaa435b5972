"""Reads a lesson: a jupytext `md:myst` text notebook, each cell with its line in the file.

`read_lesson` refuses what jupytext would silently misread: a header or cell written by half becomes
Markdown there.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupytext
import yaml
from jupytext.myst import MystMetadataParsingError, read_fenced_cell
from markdown_it.token import Token

from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.lesson import markdown

FOLDERS = {"chapter": "book/chapters", "exercise": "book/exercises", "page": "book/pages"}
HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_LANG = re.compile(r'"lang": *"(\w+)"')
_HEADER_MEND = "copy the header of CONTRIBUTING.md, from `---` to `---`"


@dataclass
class Cell:
    """One cell of a source, as written."""

    kind: str  # "markdown", "code" or "raw"
    text: str
    meta: dict[str, Any]
    line: int  # of the cell's header, 1-based
    body_line: int  # of the text's first line, 1-based
    number: int  # position in the file, 1-based

    @property
    def lang(self) -> str | None:
        return self.meta.get("lang")

    @property
    def place(self) -> str:
        """How messages name the cell."""
        return f"cell {self.number} ({self.lang or self.kind})"


@dataclass
class Lesson:
    """A source file: chapter, exercise or page."""

    name: str
    kind: str
    path: str  # relative to the root
    cells: list[Cell] = field(default_factory=list)
    # front matter beyond jupytext's and the kernel's
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def has_code(self) -> bool:
        return any(cell.kind == "code" for cell in self.cells)

    @property
    def is_notebook(self) -> bool:
        """Whether it becomes a notebook; a page without code becomes plain Markdown."""
        return self.kind != "page" or self.has_code

    @property
    def is_index(self) -> bool:
        """Whether it is the first page, which holds both languages and may hold raw HTML."""
        return self.kind == "page" and self.name == "index"

    def problem(
        self, cell: Cell | None, what: str, mend: str, *, offset: int | None = None, line: int = 0
    ) -> Problem:
        """A `Problem` at `cell`: at its header, or `offset` lines into its text."""
        if cell is None:
            return Problem(self.path, line, "", what, mend)
        return Problem(
            self.path,
            cell.line if offset is None else cell.body_line + offset,
            cell.place,
            what,
            mend,
        )


def find_lessons(root: Path, names: tuple[str, ...] = ()) -> list[tuple[str, str, Path]]:
    """Kind, name and path of each source under `root`, or of `names`. Raises `ProblemsFound` for an
    unknown name.
    """
    found = [
        (kind, path.stem, path)
        for kind, folder in FOLDERS.items()
        for path in sorted((root / folder).glob("*.md"))
        if not path.name.startswith(".")
    ]
    known = [name for _, name, _ in found]
    wanted = [Path(name).stem for name in names]
    unknown = [name for name in wanted if name not in known]
    twice = {name for name in known if known.count(name) > 1}
    if unknown:
        mend = f"use one of {', '.join(known) or '(there is none yet)'}"
        raise ProblemsFound(
            [Problem("book", 0, "", f"no source is called {name!r}", mend) for name in unknown]
        )
    if twice:
        raise ProblemsFound(
            [Problem("book", 0, "", f"two sources are called {n!r}", "rename one") for n in twice]
        )
    return [item for item in found if not wanted or item[1] in wanted]


def read_lesson(root: Path, kind: str, path: Path) -> Lesson:
    """Parse one source. Raises `ProblemsFound` when jupytext would misread it."""
    place = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemsFound(
            [Problem(place, 0, "", f"not UTF-8: {error}", "save the file as UTF-8")]
        ) from error
    return _parsed(kind, path.stem, place, text)


@functools.lru_cache(maxsize=64)  # a source is read for itself, and for pages that list lessons
def _parsed(kind: str, name: str, path: str, text: str) -> Lesson:
    lesson, added = Lesson(name, kind, path), 0
    if lesson.is_index and not text.startswith("---"):
        text, added = HEADER + text, HEADER.count("\n")
    tokens = markdown.tokens(text + "\n")
    lesson.extra = _read_header(lesson, text, tokens)
    placed = [(top - added, body - added) for top, body in _place_cells(lesson, text, tokens)]
    try:
        cells = jupytext.reads(text, fmt="md:myst").cells
    except (MystMetadataParsingError, yaml.YAMLError) as error:
        raise ProblemsFound(
            [lesson.problem(None, str(error), "mend the cell's metadata")]
        ) from error
    if len(cells) != len(placed):
        what = f"jupytext reads {len(cells)} cells where {len(placed)} are written"
        raise ProblemsFound(
            [lesson.problem(None, what, "look for a cell header inside a list or quotation")]
        )
    lesson.cells = [
        Cell(c.cell_type, c.source, json.loads(json.dumps(c.metadata)), line, body, i + 1)
        for i, (c, (line, body)) in enumerate(zip(cells, placed, strict=True))
    ]
    return lesson


def prose(text: str) -> Iterator[tuple[str | None, str]]:
    """Language and text of each Markdown cell of a source, fenced code left out, by its lines
    alone: a fast look for what only looks something up in another lesson.
    """
    lines = text.split("\n")
    start = lines.index("---", 1) + 1 if lines[0] == "---" and "---" in lines[1:] else 0
    lang: str | None = None
    kept, fence = list[str](), ""
    for line in lines[start:]:
        match = _FENCE.match(line)
        if fence:
            fence = "" if match and match[1].startswith(fence) and not match[2].strip() else fence
        elif match and match[2].startswith(("{code-cell}", "{raw-cell}")):
            yield lang, "\n".join(kept)
            lang, kept, fence = None, [], match[1]
        elif match:
            fence = match[1]
        elif line.startswith("+++"):
            yield lang, "\n".join(kept)
            named = _LANG.search(line)
            lang, kept = named and named[1], []
        else:
            kept.append(line)
    yield lang, "\n".join(kept)


def _read_header(lesson: Lesson, text: str, tokens: Sequence[Token]) -> dict[str, Any]:
    """Check the front matter; return what it holds beyond jupytext's and the kernel's part."""

    def fail(what: str, line: int = 1) -> ProblemsFound:
        return ProblemsFound([lesson.problem(None, what, _HEADER_MEND, line=line)])

    if not text.startswith("---\n"):
        raise fail(
            "the file does not begin with the header `---`; it would be read as plain Markdown"
        )
    if not tokens or tokens[0].type != "front_matter":
        raise fail("the header is not closed by a line `---`; it would be read as plain Markdown")
    try:
        header = yaml.safe_load(tokens[0].content)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise fail(
            f"the header is not YAML ({error})".replace("\n", " "), mark.line + 2 if mark else 1
        ) from error
    if not isinstance(header, dict):
        raise fail(f"the header holds {header!r}, not keys and values")
    nested = header.get("jupytext")
    representation = nested.get("text_representation") if isinstance(nested, dict) else None
    name = representation.get("format_name") if isinstance(representation, dict) else None
    if name != "myst":
        raise fail(f"the header's jupytext.text_representation.format_name is {name!r}, not 'myst'")
    kernel = header.get("kernelspec")
    if not isinstance(kernel, dict) or kernel.get("name") != "python3":
        raise fail(f"the header's kernelspec is {kernel!r}; its name must be 'python3'")
    return {key: value for key, value in header.items() if key not in ("jupytext", "kernelspec")}


def _place_cells(lesson: Lesson, text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Header line and first text line (1-based) of each cell, in the order in which jupytext finds
    them.
    """
    lines = text.splitlines()
    placed: list[tuple[int, int]] = []
    problems: list[Problem] = []
    assert tokens[0].map is not None
    # header: line of the `+++` that opened the markdown cell, 0 when none did
    start, header = tokens[0].map[1], 0

    def problem(line: int, what: str, mend: str) -> None:
        problems.append(Problem(lesson.path, line, f"cell {len(placed) + 1}", what, mend))

    def flush(end: int) -> None:
        body = [i for i in range(start, min(end, len(lines))) if lines[i].strip()]
        if body:
            placed.append((header or body[0] + 1, body[0] + 1))
        elif header:
            problem(
                header,
                "the cell has no text; jupytext would drop it",
                "write the text, or remove the header",
            )

    nesting = 0
    for token in tokens[1:]:
        nesting += token.nesting
        if nesting != 0 or token.map is None:
            continue
        first, last = token.map
        if token.type == "fence" and token.info.startswith(("{code-cell}", "{raw-cell}")):
            flush(first)
            _check_fence(token, lines, problem)
            try:
                options, body = read_fenced_cell(token, len(placed), "Code")
                if not isinstance(options, dict):
                    raise ValueError(f"{options!r} is not a set of keys and values")
            except (MystMetadataParsingError, yaml.YAMLError, ValueError) as error:
                problem(
                    first + 1,
                    f"metadata cannot be read: {error}".replace("\n", " "),
                    "mend the YAML of the cell",
                )
                body = []
            placed.append((first + 1, last - len(body)))
            start, header = last, 0
        elif token.type == "myst_block_break":
            flush(first)
            _check_block_break(token, problem)
            start, header = last, first + 1
    flush(len(lines))
    if problems:
        raise ProblemsFound(problems)
    return placed


def _check_fence(token: Token, lines: list[str], problem: Any) -> None:
    assert token.map is not None
    closing = lines[token.map[1] - 1].strip() if token.map[1] <= len(lines) else ""
    if token.map[1] - token.map[0] < 2 or not re.fullmatch(
        re.escape(token.markup[0]) + r"{3,}", closing
    ):
        problem(
            token.map[0] + 1,
            "the cell is not closed; it would swallow the rest of the file",
            "add the closing ```",
        )
    if not re.fullmatch(r"\{code-cell\} ipython3|\{raw-cell\}", token.info.strip()):
        problem(
            token.map[0] + 1,
            f"unknown cell header {token.info!r}",
            "write ```{code-cell} ipython3 or ```{raw-cell}",
        )


def _check_block_break(token: Token, problem: Any) -> None:
    assert token.map is not None
    content = token.content.strip()
    mend = 'write +++ {"lang": "ko"} or +++ {"lang": "en"}'
    try:
        meta = json.loads(content) if content else {}
    except json.JSONDecodeError as error:
        problem(token.map[0] + 1, f"cell header {content!r} is not JSON ({error.msg})", mend)
        return
    if not isinstance(meta, dict):
        problem(token.map[0] + 1, f"cell header {content!r} is not a set of keys", mend)
