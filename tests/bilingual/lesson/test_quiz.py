"""Quizzes: each fault is seen to be caught, and a quiz never makes a notebook run anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from book.bilingual.build.build import build
from book.bilingual.gates.check import check
from book.bilingual.gates.validate import problems_of
from book.bilingual.lesson.quiz import belief, beliefs, parse, shown
from book.bilingual.lesson.source import HEADER, Lesson

Read = Callable[..., Lesson]
KO = (
    "무엇이 남을까요?\n\n- [x] 합입니다.\n\n  더하기만 합니다.\n\n- [sums] 없습니다.\n\n  남습니다."
)
EN = "What is left?\n\n- [x] The sum.\n\n  We only add.\n\n- [sums] Nothing.\n\n  It stays."
CHAPTER = "book/chapters/ch90_sums.md"
BELIEFS = """
+++ {"lang": "ko"}

# 오개념

+++ {"lang": "en"}

# Misconceptions

+++ {"lang": "ko"}

### 1. “합은 언제나 정확하다”

실험은 [90장 ‘결과’](ch90_sums.ipynb#결과)입니다.

+++ {"lang": "en"}

### 1. “Sums are exact”

See [chapter 90, “Result”](ch90_sums.ipynb#result).
"""


def quiz(korean: str = KO, english: str = EN, name: str = "left", other: str = "left") -> str:
    sides = (("ko", name, korean), ("en", other, english))
    return "".join(
        f'+++ {{"lang": "{lang}", "quiz": "{id_}"}}\n\n{text}\n\n' for lang, id_, text in sides
    )


def add(course: Path, text: str, page: str = BELIEFS) -> None:
    """Put a quiz at the end of the course's chapter, and misconceptions beside it."""
    path = course / CHAPTER
    path.write_text(path.read_text("utf-8").rstrip() + "\n\n" + text, "utf-8")
    (course / "book/pages/misconceptions.md").write_text(HEADER + page, "utf-8")


def messages(lesson: Lesson) -> list[str]:
    return [str(problem) for problem in problems_of(lesson)]


def test_a_quiz_is_read_with_its_choices_and_answers() -> None:
    found = parse(
        "A?\n\n- [x] One\n  long.\n\n  Yes.\n\n  ```\n  code\n  ```\n\n- [b] Two.\n\n  No."
    )
    assert (found.question, found.right, found.rest) == ("A?", 0, "")
    assert [(c.mark, c.text) for c in found.choices] == [("x", "One long."), ("b", "Two.")]
    assert found.choices[0].answer == "Yes.\n\n```\ncode\n```"


def test_a_well_formed_quiz_has_no_problems(lesson: Read) -> None:
    assert messages(lesson(quiz())) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (quiz().split("+++")[1].join(["+++", ""]), "without its English partner"),
        (
            quiz(english=EN.replace("\n\n- [sums] Nothing.\n\n  It stays.", "")),
            "the choices differ",
        ),
        (quiz(english=EN.replace("[x]", "[y]").replace("[sums]", "[x]")), "the choices differ"),
        (quiz(other="right"), "`quiz` differs between the sides"),
        (quiz(name="Left!", other="Left!"), "a quiz's id is 'Left!'"),
        (quiz() + quiz(), "the quiz id 'left' stands at line"),
        (quiz(KO.replace("[x]", "[sums]"), EN.replace("[x]", "[sums]")), "no choice is right"),
        (
            quiz(KO.replace("[sums]", "[x]"), EN.replace("[sums]", "[x]")),
            "a second choice is right",
        ),
        (quiz(KO.replace("[sums]", "[ ]"), EN.replace("[sums]", "[ ]")), "names no misconception"),
        (quiz(KO.replace("\n\n  남습니다.", "")), "the choice '없습니다.' has no answer"),
        (quiz(KO.replace("\n\n  더하기만 합니다.", "")), "the choice '합입니다.' has no answer"),
        (
            quiz(KO.split("- [sums]")[0].strip(), EN.split("- [sums]")[0].strip()),
            "it has 1 choices",
        ),
        (quiz(KO + "\n\n끝.", EN + "\n\nEnd."), "'끝.' belongs to no choice"),
        (quiz(KO.replace("무엇이 남을까요?\n\n", "")), "it asks nothing"),
        (quiz("## 물음\n\n" + KO, "## Question\n\n" + EN), "it holds a heading"),
    ],
)
def test_a_fault_of_a_quiz_is_reported(lesson: Read, text: str, part: str) -> None:
    assert any(part in message and "mend: " in message for message in messages(lesson(text)))


@pytest.mark.parametrize(
    ("mark", "page", "part"),
    [
        (
            "summs",
            BELIEFS,
            (
                "'summs' is the beginning of none\n    mend: write the beginning of one of"
                " sums-are-exact"
            ),
        ),
        ("sums", BELIEFS.replace("1. “Sums", "1. “Means"), "'sums' is the beginning of none"),
        (
            "s",
            BELIEFS + BELIEFS.replace("Sums are", "Some sums are"),
            "beginning of several misconceptions",
        ),
        ("sums", BELIEFS.replace("ch90_sums.ipynb#result", "about.md"), "links no experiment"),
    ],
)
def test_a_misconception_that_is_not_there_is_reported(
    course: Path, mark: str, page: str, part: str
) -> None:
    add(course, quiz(KO.replace("sums", mark), EN.replace("sums", mark)), page)
    assert any(part in str(problem) for problem in check(course, ("ch90_sums",)))


def test_a_quiz_is_built_without_running_the_notebook(course: Path) -> None:
    add(course, quiz(KO + " 합은 {{ total | .2f }}입니다.", EN + " The sum is {{ total | .2f }}."))
    built = build(course, ("ch90_sums", "misconceptions"))
    assert built.executed == {} and "notebooks/en/ch90_sums.ipynb" in built.written
    assert [str(p) for p in check(course, ("ch90_sums", "misconceptions"))] == []
    cell = json.loads((course / "notebooks/ko/ch90_sums.ipynb").read_text("utf-8"))["cells"][-1]
    text = "".join(cell["source"])
    assert cell["id"] == "quiz-left" and cell["metadata"] == {}
    assert text.startswith(
        '<div class="quiz" data-quiz="left" data-right="0">\n\n**퀴즈.** 무엇이 남을까요?\n\n-'
        " **A.** 합"
    )
    assert (
        "<details><summary>B를 골랐다면</summary>\n\n**아닙니다.** 남습니다. 합은 4.15입니다.\n\n"
        in text
    )
    assert (
        "[오개념 1. “합은 언제나 정확하다”](misconceptions.md#1-합은-언제나-정확하다) · 실험: [90장"
        in text
    )


def test_a_number_that_the_text_above_does_not_say_is_reported(course: Path) -> None:
    add(course, quiz(KO + " {{ total | .5f }}입니다.", EN + " It is {{ total | .5f }}."))
    assert any(
        "nothing above it says {{ total | .5f }}" in str(p) for p in check(course, ("ch90_sums",))
    )


def test_a_misconception_is_named_by_the_beginning_of_its_heading(course: Path) -> None:
    add(course, "")
    known = beliefs(course)
    entry = belief(known, "sums-are")
    assert (
        entry is not None
        and entry is belief(known, "sums-are-exact")
        and belief(known, "x") is None
    )
    assert (
        "**No.** It stays.\n\n[Misconception 1. “Sums are"
        " exact”](misconceptions.md#1-sums-are-exact)" in shown(EN, "left", "en", known)
    )


def after_the_sum(course: Path, text: str, *, asked: bool = True) -> None:
    """Put a quiz right behind the cell that the chapter's prose may ask to predict."""
    add(course, "")
    path = course / CHAPTER
    chapter = path.read_text("utf-8")
    if asked:
        chapter = chapter.replace(
            "아직 쓰지 않습니다.", "아직 쓰지 않습니다.\n\n**예측.** 얼마일까요?"
        )
        chapter = chapter.replace(
            "are not used yet.", "are not used yet.\n\n**Predict.** How much?"
        )
    cell = 'print(f"{total:.3f}")\n```\n'
    assert cell in chapter
    path.write_text(chapter.replace(cell, f"{cell}\n{text}"), "utf-8")


LATER = quiz().replace('"quiz": "left"', '"quiz": "left", "later": true', 1)


def test_a_quiz_that_says_what_came_out_is_folded_as_a_whole(course: Path) -> None:
    after_the_sum(course, LATER)
    build(course, ("ch90_sums", "misconceptions"), draft=True)
    for lang, said in (("ko", "결과를 본 다음 퀴즈 풀기"), ("en", "A quiz on what came out")):
        cells = json.loads((course / f"notebooks/{lang}/ch90_sums.ipynb").read_text("utf-8"))[
            "cells"
        ]
        (text,) = ("".join(c["source"]) for c in cells if c["id"] == "quiz-left")
        start = f'<details class="quiz-later"><summary>{said}</summary>\n\n<div class="quiz" '
        assert text.startswith(start) and text.endswith("</details>\n\n</div>\n\n</details>")


@pytest.mark.parametrize("asked", [True, False])
def test_such_a_quiz_stands_right_below_what_answers_a_prediction(
    course: Path, asked: bool
) -> None:
    if asked:
        after_the_sum(course, quiz(name="first", other="first") + LATER)  # one that is not folded
    else:
        after_the_sum(course, LATER, asked=False)
    assert any("none stands right above it" in str(p) for p in check(course, ("ch90_sums",)))


def test_only_a_quiz_can_be_folded_with_a_prediction(lesson: Read) -> None:
    text = '+++ {"lang": "ko", "later": true}\n\n합\n\n+++ {"lang": "en"}\n\nSum\n'
    assert any("`later` belongs to a quiz" in message for message in messages(lesson(text)))
