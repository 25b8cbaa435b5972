"""Words and spellings outside of pairs: each planted fault is seen where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from book.bilingual.build.build import survey
from book.bilingual.gates import unpaired, wording
from book.bilingual.gates.check import check
from book.bilingual.lesson.plan import Plan, make_plan
from book.bilingual.lesson.source import Lesson

from ..conftest import Edit

ROOT = Path(__file__).parents[3]
EXERCISE = "book/exercises/ex90_double.md"
FIRST = "book/pages/index.md"
CODE = "total = root_sum(LIMIT)"
VOICE = wording.Wording({"ko": {"견주": "비교하다"}, "en": {"mend": "fix"}}, {"colour": "color"})


def found(root: Path, *names: str) -> list[str]:
    return [str(p).split("\n")[0] for p in check(root, names) if "which the course" in p.what]


def line_of(root: Path, path: str, text: str) -> int:
    lines = (root / path).read_text("utf-8").split("\n")
    return next(i + 1 for i, line in enumerate(lines) if text in line)


@pytest.mark.parametrize(
    ("path", "old", "new", "stem"),
    [
        (EXERCISE, "두 배가 아닙니다.", "두 배와 견주어 보세요.", "견주"),
        (EXERCISE, '"Not twice."', '"A grey value."', "grey"),
        (EXERCISE, "두 배여야 합니다.", "두 배와 견주어 보세요.", "견주"),
        (EXERCISE, "It has to be twice as much.", "It has to be grey.", "grey"),
        (FIRST, "작은 강의", "견주는 강의", "견주"),
        (FIRST, "A small course", "A grey course", "grey"),
    ],
    ids=["test ko", "test en", "case ko", "case en", "first page ko", "first page en"],
)
def test_a_planted_word_is_reported_at_its_line(
    course: Path, edit: Edit, path: str, old: str, new: str, stem: str
) -> None:
    assert found(course) == []
    edit(path, old, new)
    (message,) = found(course)
    assert message.startswith(f"{path}:{line_of(course, path, new)}: ")
    assert f"{stem!r} is written" in message


@pytest.mark.parametrize("path", ["book/snippets/checks/some_checks.py", "autograder/hints.py"])
def test_a_planted_word_in_a_file_of_hints_is_reported(course: Path, path: str) -> None:
    (course / path).parent.mkdir(exist_ok=True)
    text = 'NAME = Hint(\n    f"`{NAME}`: 값을 견주어 보세요.", f"`{NAME}`: compare.")\n'
    (course / path).write_text(text, "utf-8")
    (message,) = found(course)
    assert message.startswith(f"{path}:2: '견주' is written")
    assert found(course, "ex90_double") == []  # asked of one lesson, the files are not looked at


def test_hints_are_read_as_they_are_told() -> None:
    code = (
        'hint(f"`{견주}`을(를)" f" {a if b else \'나\'}", "one" " two")\n'
        'joined(hint("가" if x else "다", y), "견주")\n'
        'Hint("하나뿐")\n'
    )
    assert sorted(unpaired.hints_in_code(code)) == [
        ("en", "", 1),
        ("en", "one two", 0),
        ("ko", "`…`을(를) …", 0),
        ("ko", "가다", 1),
    ]
    assert list(unpaired.hints_in_code("%time hint(1, 2)")) == []
    cases = "- id: a\n  hint:\n    ko: >-\n      하나\n      둘\n    en: x\n- {steps: [{ko: 가, en: y}]}\n"
    assert sorted(unpaired.hints_in_cases(cases)) == [
        ("en", "x", 5),
        ("en", "y", 6),
        ("ko", "가", 6),
        ("ko", "하나 둘", 2),
    ]


@pytest.mark.parametrize(
    "written", ["colour", "COLOUR = 1", "by_colour(x)", "x = ColourMap()", "1  # the colours"]
)
def test_a_british_spelling_in_shown_code_is_reported(written: str) -> None:
    ((what, mend, line),) = unpaired.spelling_faults({"colour": "color"}, f"1\n{written}", set())
    assert "shown code" in what and (mend, line) == ("write color", 1)


def test_other_words_and_kept_names_are_no_spelling_faults() -> None:
    spellings = {"colour": "color", "optimis": "optimiz-"}
    code = "color, discolour = optimizer(1)\nby_colour = 1"
    assert list(unpaired.spelling_faults(spellings, code, {"by_colour"})) == []


def test_folded_code_is_not_held_to_spellings(lesson: Callable[..., Lesson]) -> None:
    def faults(tags: str) -> list[str]:
        cell = f"```{{code-cell}} ipython3\n{tags}colour = 1\n```\n"
        plan: Plan = make_plan(ROOT, lesson(cell))
        return [problem.what for problem in unpaired.lesson_problems(plan, VOICE)]

    assert faults("") == ["'colour' in shown code is spelled the British way"]
    assert faults(":tags: [hide-input]\n") == []


def test_a_british_spelling_in_a_chapter_is_reported(course: Path, edit: Edit) -> None:
    edit("book/wording.yml", "grey: gray", "grey: gray\nspellings:\n  colour: color")
    edit("book/chapters/ch90_sums.md", CODE, f"{CODE}  # colourless")
    (message,) = (str(p) for p in check(course) if "British" in p.what)
    assert message.startswith(
        f"book/chapters/ch90_sums.md:{line_of(course, 'book/chapters/ch90_sums.md', CODE)}: "
    )


def test_every_kept_name_is_still_in_shown_code() -> None:
    plans, _, _ = survey(ROOT, tuple(unpaired.KEPT))
    for plan in plans:
        shown = "\n".join(slot.text["en"] for slot in plan.code_slots)
        assert all(name in shown for name in unpaired.KEPT[plan.lesson.name])
