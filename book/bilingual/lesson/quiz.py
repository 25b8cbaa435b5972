"""Quizzes: a pair of cells with `"quiz": "id"` holds a question, its choices, and an answer to each
choice.

    Which of these is left?

    - [x] The right choice.

      Why it is right.

    - [gap-merges] A wrong choice, with the beginning of the English heading of the misconception
      behind it.

      What is wrong with it.

Notebooks show the choices and fold each answer; the site makes a form of the same Markdown
(`book/site/quizzes.py`). The misconception's name and the section with its experiment are written
by the build, from the page of misconceptions.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from book.bilingual.errors import Problem
from book.bilingual.lesson import markdown
from book.bilingual.lesson.source import Cell, Lesson, prose

BELIEFS = "book/pages/misconceptions.md"
RIGHT = "x"
LETTERS = "ABCD"
_CHOICE = re.compile(r"- \[([^\]]*)\] +(\S.*)")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EXPERIMENT = re.compile(r"ch\d\d_\w+\.ipynb#.+")
LATER = '<details class="quiz-later">'
_LATER = {"ko": "결과를 본 다음 퀴즈 풀기", "en": "A quiz on what came out"}
_SAYS = {
    "ko": ("퀴즈.", "{}를 골랐다면", "맞습니다.", "아닙니다.", "오개념", "실험:"),
    "en": ("Quiz.", "If you chose {}", "Right.", "No.", "Misconception", "Experiment:"),
}


@dataclass(frozen=True)
class Choice:
    """One choice as written: `mark` is `x` for the right one, or names a misconception."""

    mark: str
    text: str
    answer: str
    line: int  # in the cell's text, from 0


@dataclass(frozen=True)
class Quiz:
    """A quiz in one language."""

    question: str
    choices: list[Choice]
    rest: str  # what stands after the last answer and belongs to nothing

    @property
    def right(self) -> int:
        """Number of the first right choice, from 0; -1 when there is none."""
        return next((i for i, choice in enumerate(self.choices) if choice.mark == RIGHT), -1)


@dataclass(frozen=True)
class Belief:
    """A misconception: its heading, its anchor and the link to its experiment, each per
    language.
    """

    title: dict[str, str]
    anchor: dict[str, str]
    experiment: dict[str, str]


def parse(text: str) -> Quiz:
    """Take a quiz's Markdown apart; what is missing is empty."""
    lines = text.split("\n")
    starts = [i for i, line in enumerate(lines) if _CHOICE.match(line)]
    choices, rest = [], list[str]()
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        match = _CHOICE.match(lines[start])
        assert match
        said, answer, blank = [match[2]], list[str](), False
        for line in lines[start + 1 : end]:
            blank = blank or not line.strip()
            if line.strip() and not line.startswith("  "):
                rest.append(line)
            else:
                (answer if blank else said).append(line[2:])
        choices.append(
            Choice(match[1], " ".join(map(str.strip, said)), "\n".join(answer).strip("\n"), start)
        )
    return Quiz("\n".join(lines[: starts[0] if starts else None]).strip(), choices, "\n".join(rest))


def quizzes(lesson: Lesson) -> Iterator[tuple[Cell, Quiz]]:
    """The cells of the lesson that are quizzes, in both languages."""
    for cell in lesson.cells:
        if cell.kind == "markdown" and "quiz" in cell.meta:
            yield cell, parse(cell.text)


def form_problems(lesson: Lesson) -> Iterator[Problem]:
    """Faults that show without looking beyond the lesson."""
    seen: dict[str, int] = {}
    for cell, quiz in quizzes(lesson):
        name = cell.meta["quiz"]
        if not isinstance(name, str) or not _ID.fullmatch(name):
            mend = 'write "quiz": "words-with-hyphens"'
            yield lesson.problem(
                cell, f"a quiz's id is {name!r}; readers' answers are kept under it", mend
            )
        elif cell.lang == "ko" and seen.setdefault(name, cell.line) != cell.line:
            what = (
                f"the quiz id {name!r} stands at line {seen[name]} already, so answers would be"
                " mixed up"
            )
            yield lesson.problem(cell, what, "choose another id")
        for what, mend, line in _faults(quiz):
            yield lesson.problem(cell, f"quiz {name!r}: {what}", mend, offset=line)
    for korean, english in itertools.pairwise(lesson.cells):
        if korean.lang != "ko" or english.lang != "en":
            continue
        if korean.meta.get("quiz") != english.meta.get("quiz"):
            yield lesson.problem(
                english, "`quiz` differs between the sides of the pair", "write the same id on both"
            )
        elif "later" in {**korean.meta, **english.meta} and "quiz" not in korean.meta:
            yield lesson.problem(korean, "`later` belongs to a quiz", "remove it")
        elif "quiz" in korean.meta:
            ko, en = (
                [choice.mark for choice in parse(cell.text).choices] for cell in (korean, english)
            )
            if ko != en:
                what = f"the choices differ: {ko} in Korean, {en} in English"
                yield lesson.problem(
                    english, what, "write the same choices in the same order on both sides"
                )


def _faults(quiz: Quiz) -> Iterator[tuple[str, str, int]]:
    right = [choice for choice in quiz.choices if choice.mark == RIGHT]
    if not quiz.question:
        yield "it asks nothing", "write the question above the choices", 0
    if not 2 <= len(quiz.choices) <= len(LETTERS):
        yield f"it has {len(quiz.choices)} choices", "write two to four, each as `- [mark] text`", 0
    if not right:
        yield "no choice is right", f"mark the right one `- [{RIGHT}] …`", 0
    for choice in right[1:]:
        yield "a second choice is right", "leave one right choice", choice.line
    for choice in quiz.choices:
        if not choice.mark.strip():
            mend = "write the beginning of its heading in English: `- [gap-merges] …`"
            yield "a wrong choice names no misconception", mend, choice.line
        if not choice.answer:
            mend = "write it below the choice after a blank line, indented by two spaces"
            yield f"the choice {choice.text[:40]!r} has no answer", mend, choice.line
    if quiz.rest:
        yield (
            f"{quiz.rest[:40]!r} belongs to no choice",
            "indent answers by two spaces; close with the last answer",
            0,
        )
    if markdown.headings(quiz.question):
        yield (
            "it holds a heading, which would end its section",
            "write bold, or put the heading in a pair above",
            0,
        )


@cache
def _read_beliefs(root: Path, changed: float) -> dict[str, Belief]:
    found = dict[str, Belief]()
    text = (root / BELIEFS).read_text(encoding="utf-8-sig", errors="replace")
    for korean, english in itertools.pairwise(prose(text)):
        title, experiment = dict[str, str](), dict[str, str]()
        for lang, cell in (korean, english):
            links = (m for m in markdown.LINK.finditer(cell) if _EXPERIMENT.fullmatch(m[2]))
            headings = filter(None, map(markdown.HEADING.match, cell.split("\n")))
            title.update((str(lang), m[2]) for m in [*headings][:1] if len(m[1]) == 3)
            link = " ".join(next((m[0] for m in links), "").split())
            experiment[str(lang)] = link[:2].replace("[c", "[C") + link[2:]  # it opens a sentence
        if title.keys() == {"ko", "en"} and korean[0] == "ko":
            key = re.sub(r"^\d+-", "", markdown.ascii_slug(title["en"]))
            found[key] = Belief(
                title, {lang: markdown.slug(text) for lang, text in title.items()}, experiment
            )
    return found


def beliefs(root: Path) -> dict[str, Belief]:
    """The misconceptions by the anchor of their English heading, its number left out; none without
    the page.
    """
    path = root / BELIEFS
    return _read_beliefs(root, path.stat().st_mtime) if path.is_file() else {}


def belief(known: dict[str, Belief], mark: str) -> Belief | None:
    """The one misconception whose anchor begins with `mark`; None when there is none, or when there
    are several.
    """
    found = [entry for key, entry in known.items() if key.startswith(mark)]
    return known.get(mark) or (found[0] if len(found) == 1 else None)


def belief_problems(root: Path, lesson: Lesson) -> Iterator[Problem]:
    """Wrong choices whose misconception is unknown, ambiguous, or has no experiment."""
    known = beliefs(root)
    for cell, quiz in quizzes(lesson):
        for choice in quiz.choices:
            if choice.mark == RIGHT:
                continue
            entry = belief(known, choice.mark)
            if entry is None:
                some = [key for key in known if key.startswith(choice.mark)]
                some = some or difflib.get_close_matches(choice.mark, known, 3, cutoff=0.2)
                what = f"quiz {cell.meta['quiz']!r}: {choice.mark!r} is the beginning of "
                what += (
                    "several misconceptions"
                    if len(some) > 1 and some[0].startswith(choice.mark)
                    else "none"
                )
                mend = (
                    f"write the beginning of one of {', '.join(some)}"
                    if some
                    else f"add the entry to {BELIEFS}"
                )
                yield lesson.problem(cell, what, mend, offset=choice.line)
            elif not all(entry.experiment.values()):
                what = (
                    f"quiz {cell.meta['quiz']!r}: the misconception {entry.title['en']!r} links no"
                    " experiment"
                )
                yield lesson.problem(
                    cell, what, f"link the section of a chapter in {BELIEFS}", offset=choice.line
                )


def shown(text: str, name: str, lang: str, known: dict[str, Belief], *, later: bool = False) -> str:
    """The quiz as notebooks and pages show it: choices, and a fold with the answer to each.

    One that says what came out of a prediction right above is in a fold as a whole (`later`).
    """
    quiz = parse(text)
    call, chosen, yes, no, misconception, experiment = _SAYS[lang]
    parts = [
        f'<div class="quiz" data-quiz="{name}" data-right="{quiz.right}">',
        f"**{call}** {quiz.question}",
    ]
    parts.append(
        "\n".join(
            f"- **{letter}.** {c.text}" for letter, c in zip(LETTERS, quiz.choices, strict=False)
        )
    )
    for letter, choice in zip(LETTERS, quiz.choices, strict=False):
        right = choice.mark == RIGHT
        parts.append(f"<details><summary>{chosen.format(letter)}</summary>")
        parts.append(f"**{yes if right else no}** {choice.answer}")
        entry = None if right else belief(known, choice.mark)
        if entry:
            link = f"[{misconception} {entry.title[lang]}](misconceptions.md#{entry.anchor[lang]})"
            parts.append(f"{link} · {experiment} {entry.experiment[lang]}")
        parts.append("</details>")
    parts.append("</div>")
    if later:
        parts = [f"{LATER}<summary>{_LATER[lang]}</summary>", *parts, "</details>"]
    return "\n\n".join(parts)
