"""The course's voice, as far as a program can hold it: `book/wording.yml`.

Words that the prose does not use, terms that each chapter introduces in both languages, and the
parts that all chapters have, in one order and wording.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.gates import pairs
from book.bilingual.lesson.glossary import Entry
from book.bilingual.lesson.plan import Plan
from book.bilingual.lesson.source import Cell

PATH = "book/wording.yml"
OFTEN = 3  # a term that a chapter uses so often is introduced there
NO_FOLD = "a prediction whose answer is not folded"
QUESTIONS = 5
TASKS = 2
_LANGS = ("ko", "en")
_NAMES = (
    "hurried",
    "predict",
    "predict first",
    "fold",
    "change",
    "seen",
    "answer",
    "time",
    "deeper",
)
_BOLD = re.compile(r"^\*\*((?:먼저 )?예측[^*]*|Predict[^*]*)\*\*", re.MULTILINE)
_SUMMARY = re.compile(r"<details>\s*<summary>(.*?)</summary>")
_QUESTION = re.compile(r"^\*\*(\d+)\.\*\* ", re.MULTILINE)
_PLAIN_STYLE = re.compile(r"(?<!니)다\.$")
_GLOSS = re.compile(r"[가-힣]+")


@dataclass
class Wording:
    """`book/wording.yml`. Empty without a file: then nothing is asked for."""

    words: dict[str, dict[str, str]] = field(default_factory=lambda: {lang: {} for lang in _LANGS})
    spellings: dict[str, str] = field(default_factory=dict)  # British, also among the words
    bracketed: list[str] = field(default_factory=list)  # English terms
    names: dict[str, list[str]] = field(default_factory=dict)  # a part's name → [ko, en]
    # [ko, en] of each closing section, in order
    closing: list[list[str]] = field(default_factory=list)
    held: list[str] = field(default_factory=list)  # the chapters of which all this is asked


def load(root: Path) -> Wording:
    """Raises `ProblemsFound` when the file is not what `Wording` needs."""
    path = root / PATH
    if not path.is_file():
        return Wording()
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        what = f"not YAML: {error}".replace("\n", " ")
        raise ProblemsFound([Problem(PATH, 0, "", what, "mend the file")]) from error
    problems = list(_form_problems(data))
    if problems:
        raise ProblemsFound(problems)
    chapter = data.get("chapter", {})
    spellings = dict(data.get("spellings") or {})
    words = {lang: dict(data.get(lang) or {}) for lang in _LANGS}
    words["en"] |= spellings
    return Wording(
        words,
        spellings,
        data.get("bracketed", []),
        chapter.get("names", {}),
        chapter.get("closing", []),
        chapter.get("held", []),
    )


def _form_problems(data: Any) -> Iterator[Problem]:
    lists = (*_LANGS, "spellings")
    mend = "write ko, en, spellings, bracketed and chapter, as the file's comments say"
    if not isinstance(data, dict) or set(data) - {*lists, "bracketed", "chapter"}:
        found = sorted(map(str, data)) if isinstance(data, dict) else type(data).__name__
        yield Problem(PATH, 1, "", f"holds {found}", mend)
        return
    for name in lists:
        for stem, good in (data.get(name) or {}).items():
            if not isinstance(stem, str) or not isinstance(good, str):
                what = f"{name}: {stem!r} has no replacement"
                yield Problem(PATH, 0, "", what, "write `stem: what to write instead`, one a line")
    chapter = data.get("chapter", {})
    missing = [
        name
        for name in _NAMES
        if chapter and len(chapter.get("names", {}).get(name, [])) != len(_LANGS)
    ]
    if missing:
        yield Problem(
            PATH,
            0,
            "",
            f"chapter: no wording for {', '.join(missing)}",
            "write `name: [Korean, English]`",
        )


def word_faults(words: dict[str, str], text: str, lang: str) -> Iterator[tuple[str, str, int]]:
    """(what, mend, line from 0) where the prose of one language uses a word of its list."""
    for line, prose in enumerate(pairs.bare_prose(text).split("\n")):
        for stem, good in words.items():
            if stem_pattern(stem, lang).search(prose):
                yield f"{stem!r} is written, which the course does not use", f"write {good}", line


@functools.cache
def stem_pattern(stem: str, lang: str) -> re.Pattern[str]:
    """A Korean stem is found anywhere, an English one where a word begins."""
    return re.compile(
        re.escape(stem) if lang == "ko" else rf"(?<![\w-]){re.escape(stem)}", re.IGNORECASE
    )


def gloss_faults(english: str) -> Iterator[tuple[str, str, int]]:
    """(what, mend, line from 0) where English prose carries Korean words; the site shows them to
    those who ask.
    """
    for line, prose in enumerate(pairs.bare_prose(english).split("\n")):
        words = _GLOSS.findall(prose)
        if words:
            yield (
                f"Korean in English prose: {' '.join(words)[:60]!r}",
                "leave it out; the glossary has it",
                line,
            )


def alt_faults(korean: str) -> Iterator[tuple[str, str, int]]:
    """(what, mend, line from 0) where a Korean alt text is in plain style."""
    for sentence in re.split(r"(?<=\.)\s+", korean.strip()):
        if _PLAIN_STYLE.search(sentence):
            yield f"plain style: {sentence[-30:]!r}", "write 합니다", 0


def chapter_problems(plan: Plan, wording: Wording, entries: list[Entry]) -> Iterator[Problem]:
    """What a chapter lacks of the parts that all chapters have, and terms that it does not
    introduce.
    """
    if plan.lesson.name not in wording.held:
        return
    for side, lang in enumerate(_LANGS):
        cells = prose_cells(plan, lang)
        names = {name: pair[side] for name, pair in wording.names.items()}
        closing = [pair[side] for pair in wording.closing]
        coded = _coded(plan, lang)
        for cell, what, mend in [
            *_opening(cells, names),
            *_prompts(cells, names),
            *_sections(cells, names, closing, coded),
            *_ending(plan.lesson.name, cells, names, closing),
        ]:
            yield plan.lesson.problem(cell, what, mend)
    for what, mend in term_faults(plan, wording, entries):
        yield Problem(plan.lesson.path, 0, "", what, mend)


def prose_cells(plan: Plan, lang: str) -> list[Cell]:
    """The cells of one language, quizzes left out."""
    return [cell for cell in plan.lesson.cells if cell.lang == lang and "quiz" not in cell.meta]


def unfolded(plan: Plan, wording: Wording) -> int:
    """How many predictions of a chapter show their answer without a fold."""
    names = {name: korean for name, (korean, _) in wording.names.items()}
    return (
        sum(what == NO_FOLD for _, what, _ in _prompts(prose_cells(plan, "ko"), names))
        if names
        else 0
    )


Fault = tuple[Cell | None, str, str]


def _opening(cells: list[Cell], names: dict[str, str]) -> Iterator[Fault]:
    if not cells or f"**{names['hurried']}**" not in cells[0].text:
        cell = cells[0] if cells else None
        yield cell, "no way through the chapter for the hurried", f"write **{names['hurried']}** …"


def _prompts(cells: list[Cell], names: dict[str, str]) -> Iterator[Fault]:
    """Each prediction is called for in one wording, and what follows it folds the answer, before
    the next heading.
    """
    allowed = (names["predict"], names["predict first"])
    open_call: Cell | None = None
    for cell in cells:
        for token in re.finditer(
            rf"{_BOLD.pattern}|{_SUMMARY.pattern}|^#+ .*", cell.text, re.MULTILINE
        ):
            if token[1]:
                if token[1] not in allowed:
                    yield (
                        cell,
                        f"a prediction is called for by {token[1]!r}",
                        f"write **{names['predict']}**",
                    )
                if open_call:
                    yield open_call, *_no_fold(names)
                open_call = None if token[1] == names["predict first"] else cell
            elif token[2] == names["fold"]:
                open_call = None
            elif token[0].startswith("#") and open_call:
                yield open_call, *_no_fold(names)
                open_call = None
    if open_call:
        yield open_call, *_no_fold(names)


def _no_fold(names: dict[str, str]) -> tuple[str, str]:
    return NO_FOLD, f"open it by <details><summary>{names['fold']}</summary>"


def sections(cells: list[Cell]) -> Iterator[tuple[Cell, str, str]]:
    """(cell, heading, text up to the next one) of each section of the second level."""
    at: tuple[Cell, str] | None = None
    text: list[str] = []
    for cell in cells:
        for line in cell.text.split("\n"):
            if line.startswith("## "):
                if at:
                    yield *at, "\n".join(text)
                at, text = (cell, line[3:].strip()), []
            else:
                text.append(line)
    if at:
        yield *at, "\n".join(text)


def _coded(plan: Plan, lang: str) -> set[str]:
    """The sections of the second level that have code to change."""
    found, heading = set(), ""
    for cell in plan.lesson.cells:
        if cell.lang == lang:
            heading = next(
                (
                    line[3:].strip()
                    for line in cell.text.split("\n")[::-1]
                    if line.startswith("## ")
                ),
                heading,
            )
        elif cell.kind == "code" and not {"snippets", "results"} & set(cell.meta):
            found.add(heading)
    return found


def _sections(
    cells: list[Cell], names: dict[str, str], closing: list[str], coded: set[str]
) -> Iterator[Fault]:
    spent = re.escape(names["time"]).replace("N", r"\d+")
    time = re.compile(rf"\*(?:{re.escape(names['deeper'])})?{spent}\*")
    for cell, heading, text in sections(cells):
        if heading in closing:
            continue
        first = next((line for line in text.split("\n") if line.strip()), "")
        if not time.fullmatch(first.strip()):
            yield (
                cell,
                f"{heading!r} does not say how long it takes",
                f"write *{names['time']}* below the heading",
            )
        tasks = text.count(f"**{names['change']}**")
        if heading in coded and tasks < TASKS:
            what = f"{heading!r} has {tasks} of {TASKS} tasks"
            yield (
                cell,
                what,
                f"write **{names['change']}** … and fold what is seen as {names['seen']!r}",
            )
        for summary in _SUMMARY.findall(text):
            if summary not in (names["fold"], names["seen"]):
                yield (
                    cell,
                    f"a fold is called {summary!r}",
                    f"call it {names['fold']!r} or {names['seen']!r}",
                )


def _ending(
    name: str, cells: list[Cell], names: dict[str, str], closing: list[str]
) -> Iterator[Fault]:
    found = [(cell, heading, text) for cell, heading, text in sections(cells)]
    last = found[-len(closing) :]
    if [heading for _, heading, _ in last] != closing:
        what = f"the chapter ends in {', '.join(heading for _, heading, _ in last)}"
        yield last[0][0] if last else None, what, f"end it in {', '.join(closing)}"
        return
    _, questions, further, works = last
    asked = [int(number) for number in _QUESTION.findall(questions[2])]
    folds = _SUMMARY.findall(questions[2])
    if (
        len(asked) < QUESTIONS
        or asked != list(range(1, len(asked) + 1))
        or folds != [names["answer"]] * len(asked)
    ):
        what = f"{questions[1]!r} has questions {asked} and {len(folds)} folds"
        mend = (
            f"write at least {QUESTIONS}, each as **1.** …, its answer folded as"
            f" {names['answer']!r}"
        )
        yield questions[0], what, mend
    number = int(name[2:4])
    linked = [target for _, target in re.findall(r"\[(.*?)\]\((\w+)\.ipynb", further[2])]
    wanted = [f"ex{number:02}"] + ([f"ch{number + 1:02}"] if number < 7 else [])
    for part in wanted:
        if not any(target.startswith(part) for target in linked):
            yield (
                further[0],
                f"{further[1]!r} has no link to {part}",
                "link the assignment and the next chapter",
            )
    for line in works[2].split("\n"):
        if line.startswith("- ") and not re.search(r"^- [A-Z]\.[-A-Z. ]* .*\b(19|20)\d\d\b", line):
            what = f"a work is cited as {line[2:50]!r}"
            yield (
                works[0],
                what,
                "write initials, name, title, place and year, as the other chapters do",
            )


def term_faults(plan: Plan, wording: Wording, entries: list[Entry]) -> Iterator[tuple[str, str]]:
    """(what, mend) for terms that a chapter uses often in Korean without ever giving the English
    word.
    """
    cells = prose_cells(plan, "ko")
    text = "\n".join(pairs.bare_prose(cell.text) for cell in cells)
    wanted = [entry for entry in entries if set(entry.forms("en")) & set(wording.bracketed)]
    for entry in sorted(wanted, key=lambda e: -len(e.forms("ko")[0])):
        forms = [form for form in entry.forms("ko") if _GLOSS.search(form)]
        uses = [
            match
            for form in forms
            for match in re.finditer(re.escape(form).replace(r"\ ", r"\s*"), text)
        ]
        given = any(
            re.search(rf"(?<![A-Za-z]){re.escape(form)}", text, re.IGNORECASE)
            for form in entry.forms("en")
        )
        if len(uses) >= OFTEN and not given:
            english = entry.forms("en")[0]
            yield (
                f"{forms[0]!r} stands {len(uses)} times, {english!r} nowhere",
                f"write {forms[0]}({english}) at first",
            )
        for match in uses:  # a longer term covers the shorter in it
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
