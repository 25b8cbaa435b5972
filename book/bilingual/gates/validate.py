"""The form of a lesson: pairs in order, known metadata, no directives, working links. Says every
fault at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt

from autograder.exercise import ONLY_DRAWS
from book.bilingual.errors import Problem
from book.bilingual.gates import clocked
from book.bilingual.lesson import drawn, markdown, quiz
from book.bilingual.lesson.exercise import exercise_problems
from book.bilingual.lesson.source import Cell, Lesson

MAX_CODE_LINES = 30
ASPECTS = (
    "headings",
    "lists",
    "tables",
    "links",
    "images",
    "formulas",
    "code",
    "numbers",
    "terms",
    "language",
)
TAGS = ("nbval-ignore-output", "hide-input", "hide-output", "raises-exception", ONLY_DRAWS)
_KEYS = {
    "markdown": {"lang", "same", "differs", "grade", "quiz", "later"},
    "code": {
        "snippets",
        "results",
        "lengths",
        "fold",
        "alt",
        "caption",
        "live",
        "tags",
        "grade",
    },
    "raw": {"cases"},
}
_TYPES: dict[str, type] = {
    "snippets": list,
    "lengths": list,
    "results": list,
    "fold": bool,
    "tags": list,
    "alt": dict,
    "caption": dict,
    "live": dict,
    "differs": dict,
    "grade": dict,
    "same": str,
}
_HALF_HEADER = re.compile(r"^\s*(\+\+|\+\s*\{|\{\"lang\"|.*\{(code|raw)-cell\}?)")
_DIRECTIVES = (
    (re.compile(r"^\s*:{3,}"), "colon directive"),
    (re.compile(r"(?<![\w$\\^_}])\{[a-zA-Z][\w:+-]*\}`"), "role"),
    (re.compile(r"^\s*\([\w:.-]+\)=\s*$"), "target label"),
    (re.compile(r"^%(\s|$)"), "comment"),
)
_SPACED_PERCENT = re.compile(r"[\d}][ \u00a0\u202f]+%(?![A-Za-z(])")
_PLACEHOLDER = re.compile(r"\{\{[^}]*\}\}")
_COMMONMARK = MarkdownIt("commonmark").enable("table")
_ONLY_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]+\$|!\[[^\]]*\]\([^)]*\)|<!--.*?-->", re.DOTALL)


def problems_of(lesson: Lesson) -> list[Problem]:
    """All faults of the lesson's form, in the order of the file."""
    if lesson.is_index:
        return []  # holds both languages and raw HTML
    found = [*_pairs(lesson)]
    for cell in lesson.cells:
        found += _metadata(lesson, cell)
        found += _prose(lesson, cell) if cell.kind == "markdown" else []
        found += _code(lesson, cell) if cell.kind == "code" else []
    found += [*exercise_problems(lesson), *quiz.form_problems(lesson), *clocked.problems(lesson)]
    return found


def pairs(lesson: Lesson) -> Iterator[tuple[Cell, Cell]]:
    """The lesson's (Korean, English) cells. The lesson is valid."""
    for cell, after in zip(lesson.cells, lesson.cells[1:], strict=False):
        if cell.lang == "ko" and after.lang == "en":
            yield cell, after


def _pairs(lesson: Lesson) -> Iterator[Problem]:
    for i, cell in enumerate(lesson.cells):
        before = lesson.cells[i - 1] if i else None
        after = lesson.cells[i + 1] if i + 1 < len(lesson.cells) else None
        if cell.kind != "markdown" or cell.lang not in ("ko", "en"):
            continue
        if cell.lang == "ko" and not (after and after.lang == "en"):
            swapped = (
                before is not None
                and before.lang == "en"
                and not (i > 1 and lesson.cells[i - 2].lang == "ko")
            )
            if not swapped:
                yield lesson.problem(
                    cell,
                    "Korean cell without its English partner right after it",
                    "add the English cell",
                )
        if cell.lang == "en" and not (before and before.lang == "ko"):
            if (
                after
                and after.lang == "ko"
                and not (i + 2 < len(lesson.cells) and lesson.cells[i + 2].lang == "en")
            ):
                yield lesson.problem(
                    cell,
                    "the pair is in the wrong order: English stands first",
                    "put the Korean cell first",
                )
            else:
                yield lesson.problem(
                    cell,
                    "English cell without its Korean partner right before it",
                    "add the Korean cell",
                )
    for korean, english in pairs(lesson):
        wanted, got = (_filled_in(c.text) for c in (korean, english))
        if wanted != got:
            odd = ", ".join("{{ " + key[0] + " }}" for key in sorted(wanted ^ got))
            yield lesson.problem(
                english,
                f"the pair's placeholders differ: {odd}",
                "write the same ones on both sides",
            )
        if korean.meta.get("grade") != english.meta.get("grade"):
            yield lesson.problem(
                english,
                "`grade` differs between the sides of the pair",
                "write the same on both sides",
            )


def _filled_in(text: str) -> set[tuple[str, ...]]:
    """The placeholders and generators of `text`."""
    generators = {(name,) for _, name in markdown.generator_lines(text)}
    return {holder.key for holder in markdown.placeholders(text)} | generators


def _metadata(lesson: Lesson, cell: Cell) -> Iterator[Problem]:
    known = _KEYS[cell.kind]
    for key in sorted(set(cell.meta) - known):
        yield lesson.problem(
            cell, f"unknown metadata key {key!r}", f"use one of {', '.join(sorted(known))}"
        )
    for key, kind in _TYPES.items():
        if key in cell.meta and key in known and not isinstance(cell.meta[key], kind):
            yield lesson.problem(cell, f"`{key}` is {cell.meta[key]!r}", f"write a {kind.__name__}")
    if "lang" in cell.meta and cell.lang not in ("ko", "en"):
        yield lesson.problem(cell, f"`lang` is {cell.lang!r}", 'write "ko" or "en"')
    if cell.lang == "en" and (set(cell.meta) & {"same", "differs"}):
        yield lesson.problem(
            cell, "`same` and `differs` stand on the Korean side of a pair", "move the key there"
        )
    for aspect in _dict(cell.meta.get("differs")):
        if aspect not in ASPECTS:
            yield lesson.problem(
                cell,
                f"`differs` names the unknown aspect {aspect!r}",
                f"use one of {', '.join(ASPECTS)}",
            )
    for tag in cell.meta.get("tags") or []:
        if tag not in TAGS:
            yield lesson.problem(cell, f"unknown tag {tag!r}", f"use one of {', '.join(TAGS)}")
    alt, caption = _dict(cell.meta.get("alt")), _dict(cell.meta.get("caption"))
    live = _dict(cell.meta.get("live"))
    for key, text in (("alt", alt), ("caption", caption), ("live", live)):
        if key in cell.meta and not _in_both(text):
            what = f"`{key}` needs a text under `ko` and one under `en`"
            yield lesson.problem(cell, what, "write what the figure shows in both")
    if live and (alt or caption):
        what = "`live` beside `alt` or `caption`: no figure of this cell is committed"
        yield lesson.problem(cell, what, "say in `live` what the reader will see")
    if any(map(markdown.placeholders, map(str, caption.values()))):
        what = "placeholder in `caption`: it says how to read the figure, and no results"
        yield lesson.problem(cell, what, "move the number to `alt` or to the prose")
    if _in_both(alt) and {p.key for p in markdown.placeholders(alt["ko"])} != {
        p.key for p in markdown.placeholders(alt["en"])
    }:
        yield lesson.problem(
            cell,
            "the placeholders of `alt` differ between ko and en",
            "write the same ones in both",
        )
    for text in alt.values():
        for holder in markdown.placeholders(str(text)):
            if holder.fault:
                yield lesson.problem(
                    cell,
                    f"placeholder in `alt`: {holder.fault}",
                    "see CONTRIBUTING.md, Numbers in prose",
                )
    if lesson.kind != "exercise" and (cell.kind == "raw" or "grade" in cell.meta):
        yield lesson.problem(
            cell, f"{lesson.kind}s hold no graded or raw cells", "move it to an exercise"
        )


def _in_both(text: dict[str, Any]) -> bool:
    """Whether there is a text in each language, and nothing else."""
    return set(text) == {"ko", "en"} and all(
        isinstance(side, str) and side.strip() for side in text.values()
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _prose(lesson: Lesson, cell: Cell) -> Iterator[Problem]:
    if cell.lang is None:
        rest = _ONLY_FORMULA.sub("", cell.text).strip()
        if rest:
            what = f"prose without a language: {rest.splitlines()[0][:60]!r}"
            yield lesson.problem(
                cell, what, 'begin the cell with +++ {"lang": "ko"} or +++ {"lang": "en"}', offset=0
            )
    for offset, name in markdown.generator_lines(cell.text):
        place = "exercise" if name == "points" else "page"
        if lesson.kind != place or (place == "page" and lesson.has_code):
            what = f"the line {{{{{name}}}}} in {lesson.path}, where nothing fills it"
            mend = "an exercise takes {{points}}, a page without code the others"
            yield lesson.problem(cell, what, mend, offset=offset)
    for offset, line in markdown.prose_lines(cell.text):
        if _HALF_HEADER.match(line):
            what = (
                f"a cell header written by half: {line.strip()[:60]!r}; jupytext reads it as prose"
            )
            yield lesson.problem(
                cell, what, 'write +++ {"lang": "ko"} or ```{code-cell} ipython3', offset=offset
            )
    for offset, line in enumerate(cell.text.split("\n")):
        if re.match(r"^\s*(`{3,}|~{3,})\s*\{", line):
            what = f"MyST directive or half-written cell {line.strip()!r}; Colab shows it raw"
            yield lesson.problem(
                cell, what, "write plain Markdown, or ```{code-cell} ipython3", offset=offset
            )
    for _, heading in markdown.headings(cell.text):
        if "$" in heading:
            offset = next(i for i, line in enumerate(cell.text.split("\n")) if heading in line)
            what = (
                f"the heading {heading[:60]!r} holds a formula, which the site's anchor leaves out;"
                " links break"
            )
            yield lesson.problem(cell, what, "write it in letters", offset=offset)
    yield from _myst(lesson, cell)
    yield from _bold(lesson, cell)
    for found in _SPACED_PERCENT.finditer(markdown.blank_code(cell.text)):
        offset = cell.text.count("\n", 0, found.start())
        yield lesson.problem(
            cell, "a space before the percent sign", "write 95%, in both languages", offset=offset
        )
    yield from _pictures(lesson, cell)
    for holder in markdown.placeholders(cell.text):
        offset = cell.text.count("\n", 0, holder.start)
        if holder.fault:
            yield lesson.problem(
                cell,
                f"placeholder: {holder.fault}",
                "see CONTRIBUTING.md, Numbers in prose",
                offset=offset,
            )
        elif not lesson.has_code:
            what = f"placeholder {{{{ {holder.expr} }}}} in a page without code"
            yield lesson.problem(cell, what, "add the code that computes it", offset=offset)


def _myst(lesson: Lesson, cell: Cell) -> Iterator[Problem]:
    lines = cell.text.split("\n")
    for offset, line in markdown.prose_lines(cell.text):
        for pattern, name in _DIRECTIVES:
            # A role's own back-quoted part is blanked out as code, so look at the line as written
            # from there on.
            match = pattern.search(lines[offset] if name == "role" else line)
            if match and line[match.start() : match.start() + 1].strip():
                what = f"MyST {name} {lines[offset].strip()[:60]!r}; Colab and GitHub show it raw"
                yield lesson.problem(
                    cell, what, "write plain Markdown (CommonMark, tables, $math$)", offset=offset
                )


def _bold(lesson: Lesson, cell: Cell) -> Iterator[Problem]:
    """Asterisks that stay asterisks: CommonMark does not close bold between a punctuation mark and
    a letter, which is where a Korean particle stands: `**합성곱(convolution)**은`.
    """
    if "**" not in cell.text:
        return
    filled = _PLACEHOLDER.sub(lambda holder: "0%" if "%" in holder[0] else "0", cell.text)
    for block in _COMMONMARK.parse(filled):
        for piece in block.children or []:
            if piece.type == "text" and "**" in piece.content:
                what = f"bold that no reader sees as bold: {piece.content.strip()[:60]!r}"
                mend = "end the bold before the punctuation mark: **합성곱**(convolution)은"
                yield lesson.problem(cell, what, mend, offset=(block.map or [0])[0])
                break


def _pictures(lesson: Lesson, cell: Cell) -> Iterator[Problem]:
    blank = markdown.blank_code(cell.text)
    targets = [(m.start(), m[2]) for m in markdown.IMAGE.finditer(blank)]
    targets += [
        (m.start(), m[1]) for m in re.finditer(r"<img\b[^>]*\bsrc=[\"']?([^\"'\s>]+)", blank)
    ]
    for position, target in targets:
        if not target.startswith(("https://", "drawing:")):
            what = (
                f"picture {target!r} is an attachment or a relative file; it breaks in Colab or in"
                " the build"
            )
            offset = cell.text.count("\n", 0, position)
            yield lesson.problem(
                cell, what, "draw it in a code cell, or link an https address", offset=offset
            )
    yield from drawn.faults(lesson, cell)


def _code(lesson: Lesson, cell: Cell) -> Iterator[Problem]:
    """Faults of one code cell."""
    inlined = [key for key in ("snippets", "results") if key in cell.meta]
    if inlined and cell.text.strip():
        yield lesson.problem(
            cell,
            f"a cell with `{inlined[0]}` holds code of its own",
            "move the code to a cell of its own",
        )
    if not inlined and not cell.text.strip():
        yield lesson.problem(cell, "empty code cell", "write code or remove the cell")
    count = len(cell.text.split("\n"))
    if count > MAX_CODE_LINES:
        what = f"code cell of {count} lines; readers lose it after {MAX_CODE_LINES}"
        yield lesson.problem(cell, what, "split it, or move helpers to book/snippets")
    for match in re.finditer(
        r"^\s*[%!]pip install.*\b(torch|torchvision)\b", cell.text, re.MULTILINE
    ):
        offset = cell.text.count("\n", 0, match.start(1))
        yield lesson.problem(
            cell,
            f"reinstalls {match[1]}, which takes minutes in Colab",
            "use what is there",
            offset=offset,
        )
    for match in re.finditer(r"^\s*(?:from|import)\s+(book|autograder)\b", cell.text, re.MULTILINE):
        what = f"imports {match[1]!r}, which a notebook opened alone in Colab does not have"
        offset = cell.text.count("\n", 0, match.start(1))
        yield lesson.problem(
            cell, what, "use `snippets: [...]` to inline what it needs", offset=offset
        )
