"""Where code, pictures, links, headings and placeholders are in a piece of Markdown."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jupytext.myst import get_parser
from markdown_it.token import Token

_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{\{\s*(.+?)\s*\}\}", re.DOTALL)
_CALL = re.compile(r"\*\*(?:먼저 )?예측(?:해 ?보\w+|하\w+)?[.!]\*\*")
HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
# Generators, on a line of their own: `points` in an exercise, the others on a page; `rows` is
# followed by a study and metrics of its rows.
GENERATORS = (
    "glossary",
    "colab-links",
    "studies",
    "margins",
    "costs",
    "timings",
    "points",
    r"rows(?: \w+)+",
)
_MINUS = re.compile(r"(?<![\w.])-(?=[\d.])")
_GENERATOR_LINE = re.compile(r"^\{\{\s*(" + "|".join(GENERATORS) + r")\s*\}\}\s*$")


_parser = functools.cache(get_parser)  # which takes as long to make as a page to read


@functools.lru_cache(maxsize=4096)  # a dozen gates ask about the same text
def tokens(text: str) -> tuple[Token, ...]:
    """What markdown-it reads in `text`; to be looked at, not changed."""
    return tuple(_parser().parse(text))


@functools.lru_cache(maxsize=4096)
def code_blocks(text: str) -> tuple[tuple[int, int], ...]:
    """Character ranges of fenced and indented code blocks."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    spans = []
    for token in tokens(text + "\n"):
        if token.type in ("fence", "code_block") and token.map:
            first, last = token.map
            spans.append((starts[min(first, len(starts) - 1)], starts[min(last, len(starts) - 1)]))
    return tuple(spans)


def code_regions(text: str) -> list[tuple[int, int]]:
    """Character ranges of code blocks and code spans: whatever stands there is shown as written."""
    blocks = code_blocks(text)
    spans = [m.span() for m in _CODE_SPAN.finditer(text) if not _inside(m.start(), blocks)]
    return sorted([*blocks, *spans])


def _inside(position: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


@functools.lru_cache(maxsize=4096)
def blank_code(text: str) -> str:
    """`text` with code blanked out, every position and line break kept."""
    out = list(text)
    for start, end in code_regions(text):
        for i in range(start, end):
            if out[i] != "\n":
                out[i] = " "
    return "".join(out)


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines of `text` with code blanked out, counted from 0."""
    yield from enumerate(blank_code(text).split("\n"))


def headings(text: str) -> list[tuple[int, str]]:
    """Level and text of each ATX heading outside code."""
    if not re.search(r"^ *#", text, re.MULTILINE):
        return []  # as most cells, which need no parsing then
    blank = blank_code(text).split("\n")  # parses the whole text
    found = []
    for kept, line in zip(blank, text.split("\n"), strict=True):
        if HEADING.match(kept) or (kept.lstrip().startswith("#") and HEADING.match(line)):
            match = HEADING.match(line)
            assert match
            found.append((len(match[1]), match[2]))
    return found


def asks(korean: str) -> bool:
    """Whether a text ends with a call to predict, no heading behind it: `**예측.** …`."""
    calls = [match.start() for match in _CALL.finditer(korean)]
    return bool(calls) and not headings(korean[calls[-1] :])


@dataclass(frozen=True)
class Placeholder:
    """`{{ expr | format | tolerance }}`: a number in prose that the kernel fills in."""

    expr: str
    format: str  # format spec; empty: str(value)
    tolerance: str  # "" exact, "any", or a number, "real" appended where only real data counts
    start: int = 0
    end: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        return self.expr, self.format, self.tolerance

    @property
    def bound(self) -> float | None:
        """The tolerance as a number; None when exact (or `any`)."""
        number = self.tolerance.removesuffix("real").strip().lstrip("±")
        return float(number) if number and number != "any" else None

    @property
    def real_only(self) -> bool:
        return self.tolerance.endswith("real")

    @property
    def fault(self) -> str:
        """What is wrong with the way it is written; empty when nothing is."""
        if not re.fullmatch(r"(any|±?\d+(\.\d+)?(e-?\d+)?)?( ?real)?", self.tolerance):
            return (
                f"tolerance {self.tolerance!r} is none of: ±number, `any`, `real`, `±number real`,"
                " `any real`"
            )
        try:
            compile(self.expr, "placeholder", "eval")
        except SyntaxError as error:
            return f"{self.expr!r} is not a Python expression ({error.msg})"
        return ""


def placeholders(text: str) -> list[Placeholder]:
    """The placeholders of `text` outside code, in order."""
    found = []
    for match in _PLACEHOLDER.finditer(blank_code(text)):
        parts = re.split(r"\s*\|\s*", text[match.start(1) : match.end(1)])
        expr, spec, tolerance = (
            ([*parts, "", ""])[:3] if len(parts) <= 3 else (" | ".join(parts[:-2]), *parts[-2:])
        )
        if _GENERATOR_LINE.match("{{" + expr + "}}"):
            continue
        found.append(
            Placeholder(expr.strip(), spec.strip(), tolerance.strip(), match.start(), match.end())
        )
    return found


def fill(text: str, texts: dict[tuple[str, str], str]) -> str:
    """`text` with each placeholder replaced by `texts[expr, format]`, in which a hyphen before a
    number becomes the minus sign that prose has.
    """
    out, last = [], 0
    for holder in placeholders(text):
        said = _MINUS.sub("\N{MINUS SIGN}", texts[holder.expr, holder.format])
        out += [text[last : holder.start], said]
        last = holder.end
    return "".join(out) + text[last:]


def generator_lines(text: str) -> list[tuple[int, str]]:
    """Line number (from 0) and text of each generator such as `{{glossary}}`."""
    return [(i, m[1]) for i, line in prose_lines(text) if (m := _GENERATOR_LINE.match(line))]


def slug(heading: str) -> str:
    """GitHub's anchor of a heading: lower case, punctuation dropped, spaces to hyphens; letters of
    any script stay.
    """
    text = re.sub(r"<[^>]+>", "", LINK.sub(r"\1", heading))
    text = re.sub(r"[^\w\- ]", "", text.strip().lower())
    return text.replace(" ", "-")


def ascii_slug(heading: str) -> str:
    """An identifier from an English heading: letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", slug(heading).lower()).strip("-")
