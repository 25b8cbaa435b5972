"""Glossary links: the first use of each term, in prose only."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from docutils import nodes
from docutils.utils import new_document
from miniature import ROOT

from book.bilingual.lesson.glossary import load
from book.site.terms import link_first_uses, names, read_terms, term_anchor, term_link

ENTRIES = [
    ("pooling", "풀링"),
    ("max pooling", "최대 풀링"),
    ("global average pooling (GAP)", "전역 평균 풀링(GAP)"),
    ("channel", "채널"),
    ("class", "클래스"),
]


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    entries = [
        {"en": en, "ko": ko, "en_def": f"On {en}.", "ko_def": f"{ko} 뜻."} for en, ko in ENTRIES
    ]
    path = tmp_path / "glossary.yml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")
    return path


def linked(glossary: Path, lang: str, *children: nodes.Node) -> list[tuple[str, str]]:
    """Text and anchor of each link that a paragraph with these children gets."""
    document = new_document("test")
    document += nodes.paragraph("", "", *children)
    link_first_uses(document, read_terms(glossary, lang), "glossary.html")
    return [(node.astext(), node["refuri"].split("#")[1]) for node in document.findall(term_link)]


def test_only_the_first_use_is_linked(glossary: Path) -> None:
    text = nodes.Text("풀링은 줄이고, 풀링은 요약합니다.")
    assert linked(glossary, "ko", text) == [("풀링", "term-pooling")]


def test_the_longest_term_wins_and_leaves_the_shorter_for_later(glossary: Path) -> None:
    text = nodes.Text("Max pooling is a kind of pooling.")
    assert linked(glossary, "en", text) == [
        ("Max pooling", "term-max-pooling"),
        ("pooling", "term-pooling"),
    ]


def test_a_longer_term_covers_the_shorter_even_when_it_was_linked_before(glossary: Path) -> None:
    text = nodes.Text("최대 풀링을 봅니다. 최대 풀링은 쉽습니다.")
    assert linked(glossary, "ko", text) == [("최대 풀링", "term-max-pooling")]


def test_a_line_break_inside_a_term_is_a_space(glossary: Path) -> None:
    assert linked(glossary, "en", nodes.Text("Max\npooling")) == [
        ("Max\npooling", "term-max-pooling")
    ]


def test_a_term_that_runs_over_two_lines_of_the_source_is_one(glossary: Path) -> None:
    lines = [nodes.Text("최대"), nodes.Text("\n"), nodes.Text("풀링을 봅니다.")]
    assert linked(glossary, "ko", *lines) == [("최대\n풀링", "term-max-pooling")]


@pytest.mark.parametrize("title", ["References", "참고 문헌"])
def test_the_titles_of_others_works_are_not_linked(glossary: Path, title: str) -> None:
    document = new_document("test")
    works = nodes.section("", nodes.title("", title), nodes.paragraph("", "Pooling, 풀링"))
    document += [works, nodes.section("", nodes.title("", "A"), nodes.paragraph("", "pooling"))]
    assert link_first_uses(document, read_terms(glossary, "en"), "glossary.html") == 1
    assert not list(works.findall(term_link))


def test_a_particle_may_follow_and_another_syllable_may_not(glossary: Path) -> None:
    assert linked(glossary, "ko", nodes.Text("채널별 평균은 채널마다 하나입니다.")) == [
        ("채널", "term-channel")
    ]
    assert linked(glossary, "ko", nodes.Text("채널별 평균, 언풀링")) == []


def test_a_term_is_found_by_its_short_form_and_with_its_gloss(glossary: Path) -> None:
    anchor = "term-global-average-pooling-gap"
    assert linked(glossary, "ko", nodes.Text("GAP을 씁니다.")) == [("GAP", anchor)]
    assert linked(glossary, "ko", nodes.Text("전역 평균 풀링(GAP)을 씁니다.")) == [
        ("전역 평균 풀링(GAP)", anchor)
    ]
    assert linked(glossary, "en", nodes.Text("No gap here, but a GAP there.")) == [("GAP", anchor)]


def test_plurals_and_capitals_are_the_same_term_and_hyphenated_words_are_not(
    glossary: Path,
) -> None:
    assert linked(glossary, "en", nodes.Text("Channels and classes")) == [
        ("Channels", "term-channel"),
        ("classes", "term-class"),
    ]
    assert linked(glossary, "en", nodes.Text("a channel-wise, subclass thing")) == []


@pytest.mark.parametrize(
    "closed", [nodes.literal, nodes.title, nodes.reference, nodes.math, nodes.raw]
)
def test_code_headings_links_and_formulas_are_left_alone(
    closed: type[nodes.TextElement], glossary: Path
) -> None:
    assert linked(glossary, "ko", closed("", "풀링"), nodes.Text(" 그리고 채널")) == [
        ("채널", "term-channel")
    ]


def test_the_text_of_the_page_stays_the_same(glossary: Path) -> None:
    document = new_document("test")
    document += nodes.paragraph(
        "", "", nodes.Text("전역 평균 풀링(GAP)은 최대 풀링과 달리 채널마다 평균을 냅니다.")
    )
    before = document.astext()
    assert link_first_uses(document, read_terms(glossary, "ko"), "g.html") == 3
    assert document.astext() == before


def test_an_entry_may_opt_out(glossary: Path) -> None:
    entries = yaml.safe_load(glossary.read_text("utf-8"))
    entries[4]["link"] = False
    glossary.write_text(yaml.safe_dump(entries), "utf-8")
    assert linked(glossary, "en", nodes.Text("a class")) == []


def test_a_parenthesis_in_the_middle_is_optional_and_at_the_end_a_name_of_its_own() -> None:
    middle, end = (
        {"ko": "성능 저하(degradation) 문제"},
        {"en": "shortcut connection (skip connection)"},
    )
    assert names(middle, "ko") == ["성능 저하(degradation) 문제", "성능 저하 문제"]
    assert names(end, "en")[1:] == ["shortcut connection", "skip connection"]


def test_links_use_the_anchors_that_the_glossary_page_writes() -> None:
    assert term_anchor("1×1 convolution") == "term-1x1-convolution"
    entries = load(ROOT)
    assert len(entries) >= 120
    assert [term_anchor(entry.en) for entry in entries] == [entry.anchor for entry in entries]
