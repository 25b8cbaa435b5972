"""Links between pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.bilingual.gates.links_check import LinkMap
from book.bilingual.lesson.source import find_lessons, read_lesson

from .conftest import Edit

PAGE = "book/pages/about.md"


def problems(root: Path, name: str = "about") -> list[str]:
    ((kind, _, path),) = find_lessons(root, (name,))
    return [str(p) for p in LinkMap(root).problems(read_lesson(root, kind, path))]


@pytest.mark.parametrize(
    "target",
    [
        "ch90_sums.ipynb",
        "ch90_sums.ipynb#result",
        "ex90_double.ipynb#twice",
        "#this-course",
        "https://a.org/x#y",
        "glossary.md",
    ],
)
def test_a_link_that_leads_somewhere_is_fine(course: Path, edit: Edit, target: str) -> None:
    edit(PAGE, "A very small course.", f"[here]({target})")
    assert problems(course) == []


@pytest.mark.parametrize(
    ("target", "part"),
    [
        ("ch91_none.ipynb", "there is no such page"),
        ("../ko/ch90_sums.ipynb", "there is no such page"),
        ("ch90_sums.md", "the page has another ending"),
        ("glossary.ipynb", "the page has another ending"),
        ("ch90_sums.ipynb#결과", "no heading #결과 in this language"),
        ("#nowhere", "no heading #nowhere"),
    ],
)
def test_a_broken_link_is_reported_with_its_line(
    course: Path, edit: Edit, target: str, part: str
) -> None:
    edit(PAGE, "A very small course.", f"[here]({target})")
    (message,) = problems(course)
    assert message.startswith(f"{PAGE}:27: cell 2 (en): link '{target}'")
    assert part in message


def test_links_in_code_are_no_links(course: Path, edit: Edit) -> None:
    edit(PAGE, "A very small course.", "`[here](nowhere.md)`")
    assert problems(course) == []


def test_the_first_page_links_into_a_language(course: Path, edit: Edit) -> None:
    assert problems(course, "index") == []
    edit("book/pages/index.md", "ko/about.md", "about.md")
    assert "links into a language" in problems(course, "index")[0]


def test_anchors_of_the_two_languages_count_as_the_same_link(course: Path) -> None:
    links = LinkMap(course)
    assert links.key("ch90_sums", "about.md#이-강의", "ko") == links.key(
        "ch90_sums", "about.md#this-course", "en"
    )
    assert links.key("ch90_sums", "about.md#소개", "ko") != links.key(
        "ch90_sums", "about.md#this-course", "en"
    )
    assert links.key("x", "https://ko.wikipedia.org/", "ko") == links.key(
        "x", "https://en.wikipedia.org/", "en"
    )
