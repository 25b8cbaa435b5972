"""Minutes, each in one place: a section's in its chapter, a function's in `book/timings.yml`, a
lesson's in its plan.

The page `lesson_plans` shows the first two with their sums, at the line `{{timings}}`, and holds
the third: numbered steps `1. **6 min.** [section](ch01_pooling.ipynb#anchor). …`, which the slides
repeat as speaker notes. An assignment shows its own points and minutes at the line `{{points}}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.lesson import markdown
from book.bilingual.lesson.exercise import grade_id
from book.bilingual.lesson.source import Lesson, find_lessons, read_lesson

LESSON_MINUTES = 75
FILE, PLANS = "book/timings.yml", "book/pages/lesson_plans.md"
_SECTION = re.compile(
    r"^\*(?P<deeper>심화 · |Going deeper · )?(?:약 (?P<ko>\d+)분|About (?P<en>\d+) minutes)\*$",
    re.M,
)
_ASSIGNMENT = re.compile(r"About (\d+) minutes should do")
_STEP = re.compile(r"^\d+\. \*\*(\d+)(?:분| min)\.\*\* (\[[^\]]+\]\((ch\w+)\.ipynb.*)$", re.M)
_WORDS = {
    "ko": ("절", "함수·클래스", "배점", "시간", "{}분", "합", "심화\u00a0·\u00a0", "서술형"),
    "en": (
        "Section",
        "Function or class",
        "Points",
        "Time",
        "{} min",
        "Total",
        "Going\u00a0deeper, ",
        "Short answer",
    ),
}


@dataclass(frozen=True)
class Section:
    """A section of a chapter, as its page in one language has it."""

    title: str
    minutes: int
    deeper: bool  # may be skipped


@dataclass(frozen=True)
class Step:
    """One step of a lesson plan."""

    chapter: str
    minutes: int
    text: str  # Markdown, from the link to the section on


def sections(lesson: Lesson, lang: str) -> list[Section]:
    """The timed sections of a chapter, in order."""
    found = []
    for cell in lesson.cells:
        if cell.kind != "markdown" or cell.lang != lang:
            continue
        for part in re.split(r"^(?=## )", cell.text, flags=re.M):
            time = _SECTION.search(part)
            if time and part.startswith("## "):
                title = markdown.headings(part)[0][1]
                found.append(Section(title, int(time["ko"] or time["en"]), bool(time["deeper"])))
    return found


def steps(text: str) -> list[Step]:
    """The steps in the plans' Markdown of one language, in order."""
    return [Step(chapter, int(minutes), line) for minutes, line, chapter in _STEP.findall(text)]


def points(lesson: Lesson) -> dict[str, int]:
    """The points of each function of an assignment, and of its short answer, in the order of the
    page.
    """
    found: dict[str, int] = {}
    for cell in lesson.cells:
        grade = cell.meta.get("grade", {})
        if "points" in grade and cell.lang != "en":
            name = grade_id(cell).removeprefix("test_").split("__")[0]
            found[name] = found.get(name, 0) + grade["points"]
    return found


def problems(root: Path) -> list[Problem]:
    """Assignments whose minutes are missing or do not add up, and lesson plans that do not fill the
    lesson.
    """
    if not (root / FILE).is_file():
        return []  # a course without lesson plans
    return [*_assignment_problems(root), *_plan_problems(root)]


def _assignment_problems(root: Path) -> Iterator[Problem]:
    known = _minutes(root)
    for lesson in _lessons(root, "exercise"):
        stated = known.pop(lesson.name, {})
        if set(stated) != set(points(lesson)):
            odd = ", ".join(sorted(set(stated) ^ set(points(lesson))))
            mend = "give each function, and short_answer, its minutes, and nothing else"
            yield Problem(FILE, 0, lesson.name, f"functions and minutes do not match: {odd}", mend)
        said = _ASSIGNMENT.search("\n".join(cell.text for cell in lesson.cells))
        if not said or int(said[1]) != sum(stated.values()):
            what = (
                f"{sum(stated.values())} minutes together, and {lesson.path} says"
                f" {said[1] if said else 'nothing'}"
            )
            yield Problem(
                FILE, 0, lesson.name, what, "change one of the two: students read the second"
            )
    for name in known:
        yield Problem(FILE, 0, name, "there is no such assignment", "remove the line")


def _plan_problems(root: Path) -> Iterator[Problem]:
    (plans,) = (lesson for lesson in _lessons(root, "page") if lesson.path == PLANS)
    for lang in ("ko", "en"):
        planned: dict[str, int] = {}
        for step in steps("\n\n".join(cell.text for cell in plans.cells if cell.lang == lang)):
            planned[step.chapter] = planned.get(step.chapter, 0) + step.minutes
        for chapter in _lessons(root, "chapter"):
            if planned.get(chapter.name) != LESSON_MINUTES:
                what = (
                    f"the {lang} plan takes {planned.get(chapter.name, 0)} minutes, a lesson"
                    f" {LESSON_MINUTES}"
                )
                mend = (
                    "spread the lesson's minutes over numbered steps: 1. **6 min.**"
                    " [section](chapter.ipynb#anchor)."
                )
                yield Problem(PLANS, 0, chapter.name, what, mend)


def table(root: Path, lang: str) -> str:
    """For each chapter a table of its sections and one of its assignment's functions, with their
    sums.
    """
    section, _, _, time, unit, total, deeper, _ = _WORDS[lang]
    blocks = []
    assignments = {lesson.name[2:4]: lesson for lesson in _lessons(root, "exercise")}
    for chapter in _lessons(root, "chapter"):
        found = sections(chapter, lang)
        rows = [
            (_link(chapter, s.title), (deeper if s.deeper else "") + unit.format(s.minutes))
            for s in found
        ]
        blocks.append(f"### {_title(chapter, lang)}")
        blocks.append(
            _table((section, time), [*rows, (total, unit.format(sum(s.minutes for s in found)))])
        )
        lesson = assignments.get(chapter.name[2:4])
        if lesson:
            blocks.append(f"[{_title(lesson, lang)}]({lesson.name}.ipynb)")
            blocks.append(points_table(root, lesson, lang))
    return "\n\n".join(blocks)


def points_table(root: Path, lesson: Lesson, lang: str) -> str:
    """The points and minutes of each function or class of an assignment, then of its short answer,
    with their sums. Raises `ProblemsFound` where minutes are missing.
    """
    _, function, point, time, unit, total, _, answer = _WORDS[lang]
    spent, worth = _minutes(root).get(lesson.name, {}), points(lesson)
    if missing := ", ".join(worth.keys() - spent.keys()):
        mend = "give each function, and short_answer, its minutes"
        raise ProblemsFound([Problem(FILE, 0, lesson.name, f"no minutes for {missing}", mend)])
    names = {name: answer if name == "short_answer" else f"`{name}`" for name in worth}
    lines = [(names[n], str(worth[n]), unit.format(spent[n])) for n in worth]
    sums = (total, str(sum(worth.values())), unit.format(sum(spent.values())))
    return _table((function, point, time), [*lines, sums])


def _minutes(root: Path) -> dict[str, dict[str, int]]:
    path = root / FILE
    return yaml.safe_load(path.read_text("utf-8")) or {} if path.is_file() else {}


def _lessons(root: Path, kind: str) -> list[Lesson]:
    return [
        read_lesson(root, found, path) for found, _, path in find_lessons(root) if found == kind
    ]


def _title(lesson: Lesson, lang: str) -> str:
    return next(markdown.headings(cell.text)[0][1] for cell in lesson.cells if cell.lang == lang)


def _link(chapter: Lesson, title: str) -> str:
    return f"[{title}]({chapter.name}.ipynb#{markdown.slug(title)})"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )
