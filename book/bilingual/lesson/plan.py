"""What a lesson becomes, before anything runs: slots that are either bilingual prose or shared
code.

A plan's `code_hash` covers everything that the kernel sees (inlined snippets, results, hidden
cases, placeholders) but the wording of an assignment's hints, which no output shows. Outputs belong
to a plan exactly when the hashes agree; prose may change meanwhile.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.rewording import code_digest, code_without_hints
from autograder.stubs import LANGUAGES
from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.lesson import answers, markdown
from book.bilingual.lesson.exercise import (
    code_of_hidden_cases,
    grade_id,
    nbgrader_metadata,
    with_hidden_tests,
)
from book.bilingual.lesson.in_language import HINT, in_language
from book.bilingual.lesson.inline import (
    FOLDED,
    FOLDED_COLUMNS,
    ROWS,
    SHOWN_COLUMNS,
    InlineError,
    Inliner,
    Wanted,
    names_in,
    results_code,
)
from book.bilingual.lesson.source import Cell, Lesson

ValueKey = tuple[int, str, str]  # code cells run before, expression, format


@dataclass
class Slot:
    """One cell of the generated notebooks."""

    id: str
    kind: str  # "markdown" or "code"
    text: dict[str, str]  # per language; code differs in its hints
    meta: dict[str, Any]
    cells: list[Cell]  # where it comes from: [ko, en], or one
    after: int  # code slots before it
    alt: dict[str, str] = field(default_factory=dict)
    caption: dict[str, str] = field(default_factory=dict)
    live: dict[str, str] = field(default_factory=dict)  # said in the place of its output
    inlined: bool = False
    answers: bool = False  # a prediction: its assertions are not shown with it
    quiz: str = ""  # its id
    later: bool = False  # a quiz that says what came out: folded with it
    # a quiz's placeholder → where the prose has it
    quoted: dict[tuple[str, str], int] = field(default_factory=dict)
    code: str = ""  # as written, each hint in both languages: what is run and compiled

    def shown(self, lang: str) -> tuple[str, str]:
        """What its cell shows, and what a folded cell behind it asserts."""
        return answers.apart(self.text[lang]) if self.answers else (self.text[lang], "")

    def holders(self) -> list[markdown.Placeholder]:
        """Placeholders of the prose, or of a figure's alt text, each once."""
        text = self.alt.get("ko", "") if self.kind == "code" else self.text["ko"]
        return list({holder.key: holder for holder in markdown.placeholders(text)}.values())

    def value_keys(self) -> list[tuple[ValueKey, markdown.Placeholder]]:
        """Where in the run each placeholder is evaluated: before the prose, after the cell that
        draws.
        """
        after = self.after + (self.kind == "code")
        return [
            (
                (self.quoted.get((holder.expr, holder.format), after), holder.expr, holder.format),
                holder,
            )
            for holder in self.holders()
        ]


@dataclass
class Plan:
    """A lesson taken apart, ready to run and to write."""

    lesson: Lesson
    slots: list[Slot]
    code_hash: str

    @property
    def code_slots(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.kind == "code"]

    def value_keys(self) -> list[tuple[ValueKey, Slot]]:
        """Everything that the kernel must evaluate, in running order, each once."""
        found: dict[ValueKey, Slot] = {}
        for slot in self.slots:
            for key, _ in slot.value_keys():
                found.setdefault(key, slot)
        return sorted(found.items(), key=lambda item: item[0][0])


def make_plan(root: Path, lesson: Lesson) -> Plan:
    """Pair, inline and name the cells of a valid lesson. Raises `ProblemsFound` where something
    cannot be inlined.
    """
    slots: list[Slot] = []
    problems: list[Problem] = []
    asked, below = False, _Below()
    wanted = None if lesson.kind == "exercise" else _wanted(lesson)
    inliner = Inliner(root, wanted)
    with contextlib.suppress(InlineError):  # told below, at its cell
        inliner.plan(_inlined_names(lesson))
    ids = _Ids()
    after = 0
    for i, cell in enumerate(lesson.cells):
        if cell.kind == "markdown" and cell.lang != "en":
            pair = [cell, lesson.cells[i + 1]] if cell.lang == "ko" else [cell]
            quiz = cell.meta.get("quiz", "")
            name = f"quiz-{quiz}" if quiz else ids.name(pair[-1].text, grade_id(cell))
            text = {"ko": pair[0].text, "en": pair[-1].text}
            slot = Slot(name, "markdown", text, nbgrader_metadata(cell), pair, after, quiz=quiz)
            problems += _quote(lesson, slot, slots) if quiz else []
            slots.append(slot)
            slot.later = bool(cell.meta.get("later"))
            if not below.text(slot) and slot.later:
                problems.append(lesson.problem(cell, *_NOT_BELOW))
            asked = markdown.asks(slot.text["ko"]) or (asked and (bool(quiz) or cell.lang is None))
        elif cell.kind == "code":
            below.ran()
            try:
                slots.append(_code_slot(root, lesson, cell, ids, inliner, wanted, after))
                # what answers a prediction is not shown before one looks for it
                if asked and not slots[-1].inlined:
                    slots[-1].meta |= {"collapsed": True, "jupyter": {"outputs_hidden": True}}
                    slots[-1].answers = lesson.kind != "exercise"
            except InlineError as error:
                problems.append(lesson.problem(cell, error.what, error.mend))
            after += 1
    if problems:
        raise ProblemsFound(problems)
    plan = Plan(lesson, slots, "")
    plan.code_hash = _code_hash(plan)
    return plan


_NOT_BELOW = (
    "`later` folds a quiz together with what answers a prediction, but none stands right above it",
    "put the quiz right below that, before quizzes that are not folded, or leave `later` out",
)


class _Below:
    """Whether what comes next stands right below the answer to a prediction: cells, prose and
    quizzes of its fold, no heading in between.
    """

    def __init__(self) -> None:
        self._asked = self._answered = False

    def ran(self) -> None:
        """A cell follows."""
        self._answered = self._asked

    def text(self, slot: Slot) -> bool:
        """Prose or a quiz follows; whether it stands there."""
        korean, below = slot.text["ko"], self._answered
        if slot.quiz and not slot.later:
            self._asked = self._answered = False
        elif markdown.headings(korean) or markdown.asks(korean):
            self._asked, self._answered = markdown.asks(korean), False
        return below


def _quote(lesson: Lesson, quiz: Slot, before: list[Slot]) -> list[Problem]:
    """Take a quiz's numbers from the prose above it, so that a quiz never makes a notebook run
    anew.
    """
    known = {key[1:]: key[0] for slot in before for key, _ in slot.value_keys()}
    wanted = {(holder.expr, holder.format): holder for holder in quiz.holders()}
    quiz.quoted = {key: known[key] for key in wanted if key in known}
    mend = "quote a placeholder of the text above, its format included, or ask without the number"
    return [
        lesson.problem(
            quiz.cells[0],
            f"quiz {quiz.quiz!r}: nothing above it says {{{{ {key[0]} | {key[1]} }}}}",
            mend,
        )
        for key in wanted.keys() - known.keys()
    ]


def _code_slot(
    root: Path,
    lesson: Lesson,
    cell: Cell,
    ids: _Ids,
    inliner: Inliner,
    wanted: Wanted | None,
    after: int,
) -> Slot:
    code, meta = cell.text, dict[str, Any](nbgrader_metadata(cell))
    inlined = bool({"snippets", "results"} & set(cell.meta))
    if inlined:
        shown = cell.meta.get("fold") is False  # what the lesson is about is shown
        names, studies = cell.meta.get("snippets", []), cell.meta.get("results", [])
        parts = [inliner.snippets(names, shown=shown)] if names else []
        if studies:
            rows = inliner.snippets([ROWS]).partition("\n\n")[2]
            title = f"#@title Results of the studies: {', '.join(studies)}"
            parts += [title, *([rows] if rows else [])]
            parts += [results_code(root, studies, cell.meta.get("lengths"), wanted)]
        code, meta = "\n\n".join(parts), {} if shown else json.loads(json.dumps(FOLDED))
    folded = inlined and "tags" in meta
    columns = FOLDED_COLUMNS if folded else SHOWN_COLUMNS
    text = {lang: in_language(code, lang, columns, folded) for lang in LANGUAGES}
    if (
        text["ko"] != code and lesson.kind == "exercise"
    ):  # by which the grader knows one edition for the other
        meta["course"] = {"code": code_digest(code)}
    test = cell.meta.get("grade", {}).get("test")
    if test and any(c.meta.get("cases") == test for c in lesson.cells):
        text = {lang: with_hidden_tests(text[lang], lesson.name, test, lang) for lang in LANGUAGES}
        code = with_hidden_tests(code, lesson.name, test)
    live = cell.meta.get("live", {})
    tags = [*meta.get("tags", []), *cell.meta.get("tags", [])]
    tags += ["nbval-ignore-output"] if live else []
    if tags:
        meta["tags"] = list(dict.fromkeys(tags))
    name = ids.name("", grade_id(cell))
    return Slot(
        name,
        "code",
        text,
        meta,
        [cell],
        after,
        cell.meta.get("alt", {}),
        cell.meta.get("caption", {}),
        live,
        inlined,
        code=code,
    )


def _inlined_names(lesson: Lesson) -> list[str]:
    names = [name for cell in lesson.cells for name in cell.meta.get("snippets", [])]
    return [*names, *([ROWS] if any("results" in cell.meta for cell in lesson.cells) else [])]


_QUOTED = re.compile(r"([\"'])(\w+)\1")
_FORMATTED = re.compile(r"\bf([\"'])(\w+)\{")  # the beginning of an f-string
_CODE_SPAN = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)


def _wanted(lesson: Lesson) -> Wanted:
    """What the lesson's own code, its placeholders and the code in its texts mention."""
    code = [cell.text for cell in lesson.cells if cell.kind == "code"]
    for cell in lesson.cells:
        texts = [cell.text] if cell.kind == "markdown" else list(cell.meta.get("alt", {}).values())
        for text in texts:
            code += [holder.expr for holder in markdown.placeholders(text)]
            code += [re.sub(r"^`+\w*|`+$", "", span[0]) for span in _CODE_SPAN.finditer(text)]
    names = {name for text in code for name in _names(text)}
    if any("results" in cell.meta for cell in lesson.cells):
        names.add("rows_of")
    strings = {match[2] for text in code for match in _QUOTED.finditer(text)}
    strings |= {f"{match[2]}*" for text in code for match in _FORMATTED.finditer(text)}
    shown = {name for name in _inlined_names(lesson) if "." in name}
    return Wanted(frozenset(names), frozenset(strings), frozenset(shown))


def _names(code: str) -> set[str]:
    """The variables that code mentions; of what is no Python, every word that follows no dot."""
    try:
        return names_in(ast.parse(code.strip()))
    except SyntaxError:
        return set(re.findall(r"(?<![\w.])[A-Za-z_]\w*", code))


class _Ids:
    """Cell ids: the English heading's slug and the place below it; a graded cell's grade id."""

    def __init__(self) -> None:
        self._section, self._count, self._seen = "top", 0, {"top": 1}

    def name(self, english: str, grade: str) -> str:
        found = markdown.headings(english)
        if found:
            section = markdown.ascii_slug(found[0][1])[:48] or "section"
            self._seen[section] = self._seen.get(section, 0) + 1
            self._section = (
                section if self._seen[section] == 1 else f"{section}-{self._seen[section]}x"
            )
            self._count = 0
        self._count += 1
        return grade or f"{self._section}-{self._count}"


def _code_hash(plan: Plan) -> str:
    graded = plan.lesson.kind == "exercise"
    program: list[Any] = [
        [
            code_without_hints(slot.code) if graded or HINT not in slot.code else slot.code,
            "raises-exception" in slot.meta.get("tags", []),
        ]
        for slot in plan.code_slots
    ]
    values = sorted(key for key, _ in plan.value_keys())
    text = json.dumps([program, values, code_of_hidden_cases(plan.lesson)], ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
