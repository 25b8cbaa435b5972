"""The one list of terms, `book/glossary.yml`: its own form, its use in the prose, and the glossary
page.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.gates.pairs import bare_prose

PATH = "book/glossary.yml"
_TEXTS = ("en", "ko", "en_def", "ko_def")
_LISTS = ("avoid_en", "avoid_ko", "search")
_HEADER = {"ko": ("용어", "영어", "뜻"), "en": ("Term", "Korean", "Meaning")}


@dataclass
class Entry:
    """One term. A form in parentheses is a synonym or short form that is as good as the first."""

    en: str
    ko: str
    en_def: str
    ko_def: str
    avoid_en: list[str] = field(default_factory=list)
    avoid_ko: list[str] = field(default_factory=list)
    search: list[str] = field(default_factory=list)  # what readers type besides
    link: bool = True
    line: int = 0

    @property
    def anchor(self) -> str:
        """The id of the entry on the glossary page, the same in both languages."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.en.lower().replace("×", "x")).strip("-")

    def forms(self, lang: str) -> list[str]:
        """Every accepted form, synonyms in parentheses taken out: `GAP` of `global average pooling
        (GAP)`.
        """
        return self._forms[lang]

    @cached_property
    def _forms(self) -> dict[str, list[str]]:
        return {
            lang: [
                " ".join(re.sub(r"\([^()]*\)", " ", text).split()),
                *re.findall(r"\(([^()]*)\)", text),
            ]
            for lang, text in (("en", self.en), ("ko", self.ko))
        }

    @cached_property
    def korean_pattern(self) -> re.Pattern[str]:
        """Finds an accepted form on the Korean side; the English form kept in Latin letters
        counts.
        """
        spaced = [re.escape(form).replace(r"\ ", r"\s*") for form in self.forms("ko")]
        # A Korean particle may follow the Latin letters.
        latin = [rf"(?<![A-Za-z]){re.escape(form)}(?![A-Za-z])" for form in self.forms("en")]
        return re.compile("|".join([*spaced, *latin]), re.IGNORECASE)

    @cached_property
    def english_pattern(self) -> re.Pattern[str] | None:
        """Finds the term where it is surely meant: a compound, plural allowed. None for a single
        everyday word.
        """
        forms = [form for form in self.forms("en") if " " in form or "-" in form]
        return (
            re.compile("|".join(_words(form) for form in forms), re.IGNORECASE)
            if forms and self.link
            else None
        )


def _words(form: str) -> str:
    return rf"(?<![\w-]){re.escape(form).replace(chr(92) + ' ', r'[ -]')}(?:e?s)?(?![\w-])"


def load(root: Path) -> list[Entry]:
    """The glossary in its order; empty without a file. Raises `ProblemsFound` for an incomplete or
    unsorted list.
    """
    path = root / PATH
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8")
    try:
        data = yaml.load(text, yaml.CSafeLoader) or []
        lines = [
            node.start_mark.line + 1
            for node in getattr(yaml.compose(text, yaml.CSafeLoader), "value", [])
        ]
    except yaml.YAMLError as error:
        raise ProblemsFound(
            [Problem(PATH, 0, "", f"not YAML: {error}".replace("\n", " "), "mend the file")]
        ) from error
    if not isinstance(data, list):
        raise ProblemsFound(
            [Problem(PATH, 1, "", f"holds a {type(data).__name__}", "write a list of entries")]
        )
    problems = [
        p for item, line in zip(data, lines, strict=True) for p in _entry_problems(item, line)
    ]
    if problems:
        raise ProblemsFound(problems)
    entries = [Entry(**item, line=line) for item, line in zip(data, lines, strict=True)]
    problems = list(_list_problems(entries))
    if problems:
        raise ProblemsFound(problems)
    return entries


def _entry_problems(item: Any, line: int) -> Iterator[Problem]:
    if not isinstance(item, dict):
        yield Problem(
            PATH, line, "", f"entry {item!r} is not a set of keys", "write en, ko, en_def, ko_def"
        )
        return
    name = item.get("en", "without `en`")
    for key in _TEXTS:
        if not isinstance(item.get(key), str) or not item[key].strip():
            yield Problem(
                PATH,
                line,
                "",
                f"entry {name!r} has no {key}; the glossary promises no blanks",
                f"write `{key}`",
            )
    for key in _LISTS:
        if not isinstance(item.get(key, []), list) or not all(
            isinstance(v, str) and v.strip() for v in item.get(key, [])
        ):
            yield Problem(
                PATH, line, "", f"entry {name!r}: {key} is {item[key]!r}", "write a list of words"
            )
    for key in sorted(set(item) - {*_TEXTS, *_LISTS, "link"}):
        yield Problem(
            PATH,
            line,
            "",
            f"entry {name!r} has the unknown key {key!r}",
            f"use {', '.join((*_TEXTS, *_LISTS))}, link",
        )


def _list_problems(entries: list[Entry]) -> Iterator[Problem]:
    for before, entry in itertools.pairwise(entries):
        if entry.en.lower() == before.en.lower():
            yield Problem(PATH, entry.line, "", f"{entry.en!r} stands twice", "keep one entry")
        elif entry.en.lower() < before.en.lower():
            yield Problem(
                PATH,
                entry.line,
                "",
                f"{entry.en!r} stands after {before.en!r}",
                "sort the entries by `en`",
            )
    seen: dict[str, str] = {}
    for entry in entries:
        if seen.setdefault(entry.anchor, entry.en) != entry.en:
            what = f"{entry.en!r} and {seen[entry.anchor]!r} get the same anchor {entry.anchor!r}"
            yield Problem(PATH, entry.line, "", what, "rename one")
    for entry in entries:
        for lang, avoided in (("en", entry.avoid_en), ("ko", entry.avoid_ko)):
            for word in avoided:
                owner = next(
                    (
                        e.en
                        for e in entries
                        for form in e.forms(lang)
                        if _avoided_in(form, word, lang)
                    ),
                    None,
                )
                if owner:
                    what = (
                        f"{entry.en!r} avoids {word!r}, but the term {owner!r} is written that way"
                    )
                    yield Problem(
                        PATH, entry.line, "", what, "take the word off the list, or rename the term"
                    )


def _avoided_in(text: str, word: str, lang: str) -> bool:
    if lang == "ko":
        return word in text
    return word.lower() in text.lower() and bool(
        re.search(rf"(?<![\w-]){re.escape(word)}s?(?![\w-])", text, re.IGNORECASE)
    )


def term_faults(
    entries: list[Entry], korean: str, english: str
) -> Iterator[tuple[str, str, str, int]]:
    """(side, what, mend, line from 0) where the prose of a pair and the glossary disagree."""
    bare = {"ko": bare_prose(korean), "en": bare_prose(english)}
    for entry in entries:
        for lang, avoided in (("ko", entry.avoid_ko), ("en", entry.avoid_en)):
            for word in avoided:
                if not _avoided_in(bare[lang], word, lang):
                    continue  # as nearly always
                for line, text in enumerate(bare[lang].split("\n")):
                    if _avoided_in(text, word, lang):
                        good = entry.forms(lang)[0]
                        yield (
                            lang,
                            f"{word!r} is written where the glossary says {good!r}",
                            f"write {good}",
                            line,
                        )
    yield from _missing_terms(entries, bare["ko"], bare["en"])


def _missing_terms(
    entries: list[Entry], korean: str, english: str
) -> Iterator[tuple[str, str, str, int]]:
    """Compound terms that the English side uses while the Korean side has none of the accepted
    forms.
    """
    longest = sorted(
        (e for e in entries if e.english_pattern), key=lambda e: -len(e.forms("en")[0])
    )
    for entry in longest:
        assert entry.english_pattern
        match = entry.english_pattern.search(english)
        if not match:
            continue
        line = english.count("\n", 0, match.start())
        english = entry.english_pattern.sub(
            lambda m: " " * len(m[0]), english
        )  # a longer term covers the shorter in it
        if not entry.korean_pattern.search(korean):
            wanted = " or ".join(entry.forms("ko"))
            what = f"{match[0]!r} in English, but nowhere {wanted!r} in Korean"
            yield "ko", what, f'write {wanted}, or add "differs": {{"terms": "why"}}', line


def glossary_table(root: Path, lang: str) -> str:
    """The glossary page's table, with an anchor per term; sorted by the page's own language."""
    entries = load(root)
    if lang == "ko":
        entries = sorted(entries, key=lambda e: (not re.match(r"[가-힣]", e.ko), e.ko))
    other = "en" if lang == "ko" else "ko"
    head = _HEADER[lang]
    rows = [f"| {' | '.join(head)} |", "|---|---|---|"]
    for entry in entries:
        own, foreign = (entry.ko, entry.en) if lang == "ko" else (entry.en, entry.ko)
        meaning = entry.ko_def if lang == "ko" else entry.en_def
        cells = (
            f'<span id="{entry.anchor}">{own}</span>',
            f'<span lang="{other}">{foreign}</span>',
            " ".join(meaning.split()),
        )
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)
