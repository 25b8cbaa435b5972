"""The two sides of a pair: is each in its language, and do they agree in structure and numbers?

The gate serves good prose: it compares what both languages must share (what is linked, shown,
computed, counted), never word order.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from book.bilingual.lesson import markdown, numbers

LinkKey = Callable[[str, str], str]  # target, language → what it points at, whatever the language

_HANGUL = re.compile(r"[가-힣]")
_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)([^$\n]+?)(?<![\s\\])\$", re.DOTALL)
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_PARENTHESES = re.compile(r"\([^()]*\)")
_URL = re.compile(r"https?://[^\s)>\"]+|\]\([^)]*\)")
# A line that cites a work, in the work's own language: an author's initial, later a year.
_CITATION = re.compile(r"\b[A-Z]\.[-, ].*\b(?:19|20)\d\d\b")
_ADDRESS = re.compile(r"<[^>]+>")


def differences(korean: str, english: str, link_key: LinkKey) -> Iterator[tuple[str, str]]:
    """(aspect, what differs) for each aspect in which the sides disagree."""
    yield from _compare(
        "headings",
        "heading levels",
        *([level for level, _ in markdown.headings(t)] for t in (korean, english)),
    )
    yield from _compare(
        "lists", "lists (kind and depth of each item)", _items(korean), _items(english)
    )
    yield from _compare(
        "tables", "tables (cells per row)", _table_rows(korean), _table_rows(english)
    )
    links = [
        sorted(link_key(m[2], lang) for m in markdown.LINK.finditer(text))
        for text, lang in _sides(korean, english)
    ]
    yield from _compare("links", "links", *links)
    images = [
        sorted(m[2] for m in markdown.IMAGE.finditer(markdown.blank_code(text)))
        for text in (korean, english)
    ]
    yield from _compare("images", "pictures", *images)
    yield from _compare("formulas", "formulas", _formulas(korean), _formulas(english))
    yield from _compare("code", "inline code", _code(korean), _code(english))
    yield from _compare("code", "code blocks", _fences(korean), _fences(english))
    only_ko, only_en = numbers.unanswered(bare_prose(korean), bare_prose(english))
    if only_ko or only_en:
        yield (
            "numbers",
            "; ".join(
                _only(values, side)
                for values, side in ((only_ko, "Korean"), (only_en, "English"))
                if values
            ),
        )


def _sides(korean: str, english: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (markdown.blank_code(korean), "ko"), (markdown.blank_code(english), "en")


def _only(values: list[str], side: str) -> str:
    return f"numbers only in {side}: {', '.join(values)}"


def _compare(aspect: str, name: str, korean: list, english: list) -> Iterator[tuple[str, str]]:  # type: ignore[type-arg]
    if korean == english:
        return
    only_ko, only_en = (
        [x for x in korean if x not in english],
        [x for x in english if x not in korean],
    )
    if only_ko or only_en:
        parts = [
            f"only in {side}: {', '.join(map(str, only))}"
            for side, only in (("Korean", only_ko), ("English", only_en))
            if only
        ]
        yield aspect, f"{name} differ; {'; '.join(parts)}"
    else:
        yield aspect, f"{name} differ: {korean} in Korean, {english} in English"


def _items(text: str) -> list[str]:
    found, stack = [], list[str]()
    for token in markdown.tokens(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            stack.append("-" if token.type.startswith("bullet") else "1.")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            stack.pop()
        elif token.type == "list_item_open":
            found.append("".join(stack))
    return found


def _table_rows(text: str) -> list[int]:
    rows: list[int] = []
    for token in markdown.tokens(text):
        if token.type == "tr_open":
            rows.append(0)
        elif token.type in ("th_open", "td_open"):
            rows[-1] += 1
    return rows


def _formulas(text: str) -> list[str]:
    found = (m[1] or m[2] for m in _FORMULA.finditer(markdown.blank_code(text)))
    # Words inside \text{...} belong to the language.
    return sorted(
        {
            re.sub(r"\s+", "", re.sub(r"\\(text|mathrm|textbf)\{[^{}]*\}", r"\\text{}", f))
            for f in found
        }
    )


def _code(text: str) -> list[str]:
    blocks = markdown.code_blocks(text)
    spans = (m for m in _CODE_SPAN.finditer(text) if not any(a <= m.start() < b for a, b in blocks))
    return sorted({" ".join(m[2].split()) for m in spans})


def _fences(text: str) -> list[str]:
    """Info string of each fence, with its content where it is Python (which is the same in both
    languages).
    """
    tokens = [t for t in markdown.tokens(text) if t.type == "fence"]
    return [
        t.info.strip() + (":\n" + t.content if t.info.strip().startswith(("py", "ipy")) else "")
        for t in tokens
    ]


@functools.lru_cache(maxsize=4096)  # each gate of the words asks for it
def bare_prose(text: str) -> str:
    """`text` without code, formulas, placeholders, addresses, HTML tags and cited works, its lines
    kept.
    """
    bare = markdown.blank_code(text)
    for holder in reversed(markdown.placeholders(bare)):
        bare = bare[: holder.start] + " " + bare[holder.end :]
    bare = _FORMULA.sub(" ", bare)
    bare = re.sub(r"<!--.*?-->|^\{\{[\w-]+\}\}$", " ", bare, flags=re.DOTALL | re.MULTILINE)
    bare = _ADDRESS.sub(" ", _URL.sub("] ", bare))
    return "\n".join("" if _CITATION.search(line) else line for line in bare.split("\n"))


def language_faults(korean: str, english: str) -> Iterator[tuple[str, str, int]]:
    """(side, what is wrong, line from 0) for text that is not in its side's language."""
    bare_ko, bare_en = bare_prose(korean), bare_prose(english)
    if korean.strip() == english.strip():
        if re.search(r"\w", bare_en):
            yield "en", "both sides are equal", 0
        return
    if re.search(r"[A-Za-z]{2}", bare_ko) and not _HANGUL.search(bare_ko):
        yield "ko", "the Korean side holds no Korean; it is not translated", 0
    else:
        for line, block in _blocks(bare_ko):
            if (
                not _HANGUL.search(block)
                and len(re.findall(r"\b[a-z]{2,}\b", _without_parentheses(block))) >= 6
            ):
                yield (
                    "ko",
                    (
                        "a paragraph without Korean on the Korean side:"
                        f" {' '.join(block.split())[:60]!r}"
                    ),
                    line,
                )
    for line, text in enumerate(_without_parentheses(bare_en).split("\n")):
        words = re.findall(r"[가-힣]+", text)
        if words:
            yield (
                "en",
                f"Korean outside parentheses on the English side: {' '.join(words)[:60]!r}",
                line,
            )


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs with their first line, list items and table rows taken one by one."""
    lines, start = text.split("\n"), 0
    for number in range(len(lines) + 1):
        ends = (
            number == len(lines)
            or not lines[number].strip()
            or re.match(r"\s*([-*+|#>]|\d+[.)])", lines[number])
        )
        if ends and number > start:
            yield start, "\n".join(lines[start:number])
        if ends:
            start = number


def _without_parentheses(text: str) -> str:
    """`text` with what stands in round brackets blanked out: that is where a gloss in the other
    language goes.
    """
    before = ""
    while before != text:
        before, text = text, _PARENTHESES.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    return text
