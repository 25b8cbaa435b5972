"""The glossary: its form, and its terms in the prose."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.bilingual.errors import ProblemsFound
from book.bilingual.lesson import glossary

from ..conftest import Edit

PATH = "book/glossary.yml"


def faults(root: Path, korean: str, english: str) -> list[str]:
    return [
        f"{side} {line}: {what}"
        for side, what, _, line in glossary.term_faults(glossary.load(root), korean, english)
    ]


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (
            "  ko_def: 합성곱이 내놓는 결과입니다.\n",
            "",
            "has no ko_def; the glossary promises no blanks",
        ),
        ("ko: 특징 맵", "ko: ''", "has no ko"),
        ("avoid_en: []", "avoid_en: feature", "avoid_en is 'feature'"),
        ("avoid_en: []", "avoids: []", "unknown key 'avoids'"),
        ("- en: feature map", "- en: gradient", "sort the entries"),
        ("- en: global average pooling (GAP)", "- en: feature map", "stands twice"),
        (
            "avoid_ko: [글로벌 풀링]",
            "avoid_ko: [특징]",
            "but the term 'feature map' is written that way",
        ),
        ("- en: feature map", "- en: [feature", "not YAML"),
    ],
)
def test_a_fault_in_the_list_is_reported(
    course: Path, edit: Edit, old: str, new: str, part: str
) -> None:
    edit(PATH, old, new)
    with pytest.raises(ProblemsFound) as caught:
        glossary.load(course)
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("korean", "english", "part"),
    [
        (
            "가\n특성 맵입니다.",
            "a\nfeature map",
            "ko 1: '특성 맵' is written where the glossary says '특징 맵'",
        ),
        ("전역 평균 풀링", "global mean pooling", "en 0: 'global mean pooling' is written where"),
        (
            "맵을 봅니다.",
            "See the\nfeature maps.",
            "ko 1: 'feature maps' in English, but nowhere '특징 맵' in Korean",
        ),
    ],
)
def test_a_term_used_inconsistently_is_reported(
    course: Path, korean: str, english: str, part: str
) -> None:
    assert any(part in fault for fault in faults(course, korean, english))


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("특징 맵", "feature map"),
        # spacing varies in Korean; the avoided list says which forms are wrong
        ("특징맵을", "Feature-map"),
        ("GAP를 씁니다", "global average pooling"),
        ("feature map이라고 합니다", "feature map"),
        ("`특성 맵`", "`global mean pooling`"),
        ("평균", "a feature mapping"),
    ],
)
def test_good_prose_passes(course: Path, korean: str, english: str) -> None:
    assert faults(course, korean, english) == []
