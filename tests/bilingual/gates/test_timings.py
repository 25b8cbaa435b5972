"""Minutes: each stated in one place, their sums computed, and plans that fill the lesson."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.bilingual.errors import ProblemsFound
from book.bilingual.gates import timings
from book.bilingual.lesson.source import HEADER, read_lesson

CHAPTER = """+++ {"lang": "ko"}

# 합

## 더하기

*약 10분*

## 빼기

*심화 · 약 5분*

+++ {"lang": "en"}

# Sums

## Adding

*About 10 minutes*

## Taking away

*Going deeper · About 5 minutes*
"""
ASSIGNMENT = """+++ {"lang": "ko"}

# 과제 1. 합

20분 안팎이면 충분합니다.

+++ {"lang": "en"}

# Assignment 1. Sums

About 20 minutes should do.

```{code-cell} ipython3
:grade: {solution: add}
```

```{code-cell} ipython3
:grade: {test: test_add, points: 50}
```

```{code-cell} ipython3
:grade: {test: test_add__negative, points: 40}
```

+++ {"lang": "ko", "grade": {"manual": "short_answer", "points": 10}}

왜?

+++ {"lang": "en", "grade": {"manual": "short_answer", "points": 10}}

Why?
"""
PLANS = """+++ {"lang": "ko"}

# 수업 계획

1. **70분.** [더하기](ch01_sums.ipynb#더하기). 손으로 더합니다.
2. **5분.** [빼기](ch01_sums.ipynb#빼기). 막히는 곳: 부호.

+++ {"lang": "en"}

# Lesson plans

1. **70 min.** [Adding](ch01_sums.ipynb#adding). Add by hand.
2. **5 min.** [Taking away](ch01_sums.ipynb#taking-away). Stuck: signs.
"""
FILES = {
    "book/chapters/ch01_sums.md": HEADER + "\n" + CHAPTER,
    "book/exercises/ex01_sums.md": HEADER + "\n" + ASSIGNMENT,
    "book/pages/lesson_plans.md": HEADER + "\n" + PLANS,
    "book/timings.yml": "ex01_sums: {add: 15, short_answer: 5}\n",
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_sections_and_functions_are_listed_with_their_sums(course: Path) -> None:
    english, korean = timings.table(course, "en"), timings.table(course, "ko")
    assert "| [Adding](ch01_sums.ipynb#adding) | 10 min |" in english
    assert "| [빼기](ch01_sums.ipynb#빼기) | 심화\u00a0·\u00a05분 |\n| 합 | 15분 |" in korean
    assert (
        "| `add` | 90 | 15 min |\n| Short answer | 10 | 5 min |\n| Total | 100 | 20 min |"
        in english
    )


def test_an_assignment_shows_its_own_points_and_minutes(course: Path) -> None:
    lesson = read_lesson(course, "exercise", course / "book/exercises/ex01_sums.md")
    assert timings.points_table(course, lesson, "ko") == (
        "| 함수·클래스 | 배점 | 시간 |\n| --- | --- | --- |\n"
        "| `add` | 90 | 15분 |\n| 서술형 | 10 | 5분 |\n| 합 | 100 | 20분 |"
    )
    (course / "book/timings.yml").write_text("ex01_sums: {short_answer: 5}\n", "utf-8")
    with pytest.raises(ProblemsFound, match="ex01_sums: no minutes for add"):
        timings.points_table(course, lesson, "ko")


def test_a_course_whose_minutes_agree_has_no_problem(course: Path) -> None:
    assert timings.problems(course) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "whats"),
    [
        (
            "book/timings.yml",
            "add: 15",
            "add: 10",
            ["15 minutes together, and book/exercises/ex01_sums.md says 20"],
        ),
        ("book/timings.yml", "add", "plus", ["functions and minutes do not match: add, plus"]),
        (
            "book/timings.yml",
            "ex01",
            "ex02",
            ["do not match: add, short_answer", "0 minutes together", "no such assi"],
        ),
        (
            "book/pages/lesson_plans.md",
            "70 min",
            "60 min",
            ["the en plan takes 65 minutes, a lesson 75"],
        ),
        (
            "book/pages/lesson_plans.md",
            "(ch01_sums.ipynb#빼기)",
            "(ch02_sums.ipynb)",
            ["the ko plan takes 70 minutes"],
        ),
    ],
)
def test_minutes_that_disagree_are_reported(
    course: Path, path: str, old: str, new: str, whats: list[str]
) -> None:
    (course / path).write_text(FILES[path].replace(old, new), "utf-8")
    found = timings.problems(course)
    assert len(found) == len(whats) and all(
        what in problem.what for what, problem in zip(whats, found, strict=True)
    )
