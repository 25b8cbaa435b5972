"""Which pairs were seen together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from book.bilingual.build.build import build, load_plans
from book.bilingual.gates import reviews

from ..conftest import Edit

PAGE = "book/pages/about.md"


def problems(root: Path) -> list[str]:
    return [
        str(p) for p in reviews.review_problems(root, load_plans(root, ("about",), draft=True)[0])
    ]


def accept(root: Path, *lines: int) -> None:
    plan = load_plans(root, ("about",))[0]
    record = reviews.updated_record(root, plan, accept=set(lines))
    reviews.record_path(root, plan).write_text(reviews.dump_record(record), encoding="utf-8")


def test_the_first_build_records_every_pair(course: Path) -> None:
    assert problems(course) == []
    assert len(json.loads((course / "book/reviews/about.json").read_text(encoding="utf-8"))) == 1


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (
            "A very small course.",
            "A small course.",
            "about.md:23: cell 2 (en): the text changed in English alone",
        ),
        ("아주 작은", "작은", "about.md:15: cell 1 (ko): the text changed in Korean alone"),
    ],
)
def test_an_edit_of_one_language_alone_is_reported_with_the_command_that_settles_it(
    course: Path, edit: Edit, old: str, new: str, part: str
) -> None:
    edit(PAGE, old, new)
    (message,) = problems(course)
    assert part in message
    line = int(part.split(":")[1])
    assert f"python -m book.bilingual review about {line}" in message
    accept(course, line)
    assert problems(course) == []


def test_building_does_not_hide_an_edit_of_one_language_alone(course: Path, edit: Edit) -> None:
    edit(PAGE, "A very small course.", "A small course.")
    build(course, ("about",))
    build(course, ("about",))
    assert "changed in English alone" in problems(course)[0]


def test_an_edit_of_both_sides_is_recorded_by_the_build(course: Path, edit: Edit) -> None:
    edit(PAGE, "A very small course.", "A small course.")
    edit(PAGE, "아주 작은", "작은")
    assert "1 pairs, this the first, have not been recorded yet" in problems(course)[0]
    build(course, ("about",))
    assert problems(course) == []


def test_an_edit_that_is_taken_back_needs_no_review(course: Path, edit: Edit) -> None:
    edit(PAGE, "A very small course.", "A small course.")
    build(course, ("about",))
    edit(PAGE, "A small course.", "A very small course.")
    assert problems(course) == []


def test_moving_a_pair_or_trailing_blanks_need_no_review(course: Path, edit: Edit) -> None:
    edit(PAGE, "# 소개\n", "# 소개   \n")
    assert problems(course) == []


def test_sides_that_were_reviewed_with_other_partners_are_reported(
    course: Path, edit: Edit
) -> None:
    more = '\n+++ {"lang": "ko"}\n\n하나 더.\n\n+++ {"lang": "en"}\n\nOne more.\n'
    path = course / PAGE
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    build(course, ("about",))
    text = path.read_text(encoding="utf-8")
    first = text[text.index("# Introduction") : text.index('\n+++ {"lang": "ko"}\n\n하나')]
    path.write_text(
        text.replace("One more.\n", first).replace(first, "One more.\n", 1), encoding="utf-8"
    )
    assert sum("reviewed with other partners" in message for message in problems(course)) == 2


def test_alt_texts_are_reviewed_too(course: Path, edit: Edit) -> None:
    edit("book/chapters/ch90_sums.md", "A line that grows", "A line that falls")
    plan = load_plans(course, ("ch90_sums",))[0]
    assert [
        "alt text changed in English alone" in str(p) for p in reviews.review_problems(course, plan)
    ] == [True]


def test_records_of_pairs_that_are_gone_are_dropped(course: Path, edit: Edit) -> None:
    edit(PAGE, "A very small course.", "A small course.")
    edit(PAGE, "아주 작은", "작은")
    build(course, ("about",))
    assert len(json.loads((course / "book/reviews/about.json").read_text(encoding="utf-8"))) == 1
