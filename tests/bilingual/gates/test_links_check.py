"""Links between pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.bilingual.gates.check import check
from book.bilingual.gates.links_check import LinkMap
from book.bilingual.lesson import markdown, source
from book.bilingual.lesson.source import find_lessons, prose, read_lesson

from ..conftest import Edit

ROOT = Path(__file__).resolve().parents[3]
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


@pytest.mark.parametrize("name", ["ch02_gap", "ex02_gap_three_ways", "misconceptions", "index"])
def test_what_the_lines_show_of_a_page_is_what_its_parser_reads(name: str) -> None:
    ((kind, _, path),) = find_lessons(ROOT, (name,))
    lesson = read_lesson(ROOT, kind, path)
    cells = [(c.lang, c.text) for c in lesson.cells if c.kind == "markdown"]
    shown = [(lang, text) for lang, text in prose(path.read_text("utf-8")) if text.strip()]
    assert [(lang, markdown.headings(text)) for lang, text in cells] == [
        (lang, markdown.headings(text)) for lang, text in shown
    ]
    anchors = {
        lang: [markdown.slug(h) for own, t in cells if own == lang for _, h in markdown.headings(t)]
        for lang in ("ko", "en")
    }
    found = LinkMap(ROOT)
    for lang, its in anchors.items():
        assert [a for a in its if found.key(name, f"#{a}", lang) == f"#{a}"] == []


def test_links_to_a_page_that_cannot_be_read_wait_until_it_can(course: Path, edit: Edit) -> None:
    edit(PAGE, "A very small course.", "[here](ch90_sums.ipynb#nowhere)")
    assert "no heading #nowhere" in problems(course)[0]
    edit("book/chapters/ch90_sums.md", "kernelspec:", "kernelspec")
    assert problems(course) == []


def test_a_check_of_one_lesson_parses_no_other(
    course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(PAGE, "A very small course.", "[here](ch90_sums.ipynb#result), [there](glossary.md)")
    parsed, read = list[str](), source._parsed
    monkeypatch.setattr(source, "_parsed", lambda *given: parsed.append(given[1]) or read(*given))
    check(course, ("about",))
    assert set(parsed) == {"about"}
