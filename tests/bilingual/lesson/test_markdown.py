"""Placeholders, code regions, headings and anchors."""

from __future__ import annotations

import pytest
from myst_parser.mdit_to_docutils.base import default_slugify  # type: ignore[attr-defined]

from book.bilingual.lesson import markdown


def test_a_placeholder_is_taken_apart_into_expression_format_and_tolerance() -> None:
    (holder,) = markdown.placeholders("about {{ acc | .1% | ±0.05 real }} right")
    assert holder.key == ("acc", ".1%", "±0.05 real")
    assert (holder.bound, holder.real_only, holder.fault) == (0.05, True, "")


@pytest.mark.parametrize(
    "text", ["`{{ x }}`", "```python\n{{ x }}\n```", "    {{ x }}", "``a ` {{ x }}``"]
)
def test_placeholders_in_code_are_left_alone(text: str) -> None:
    assert markdown.placeholders(f"prose\n\n{text}\n") == []
    assert markdown.fill(text, {}) == text


def test_filling_keeps_everything_around_the_placeholder() -> None:
    text = "a {{ x }} `{{ x }}` b {{ y | .1f }}."
    assert markdown.fill(text, {("x", ""): "1", ("y", ".1f"): "2.0"}) == "a 1 `{{ x }}` b 2.0."


def test_a_negative_number_in_prose_has_a_minus_sign() -> None:
    texts = {("x", ".1f"): "-2.0", ("y", ""): "[-1.5, 2]", ("day", ""): "2026-11-29"}
    filled = markdown.fill("{{ x | .1f }}, {{ y }}, {{ day }}, well-known", texts)
    assert filled == "−2.0, [−1.5, 2], 2026-11-29, well-known"


@pytest.mark.parametrize(
    ("text", "part"),
    [("{{ 1 + }}", "not a Python expression"), ("{{ x | .1f | ~3 }}", "tolerance")],
)
def test_a_placeholder_that_cannot_work_says_why(text: str, part: str) -> None:
    assert part in markdown.placeholders(text)[0].fault


def test_a_page_generator_is_no_placeholder() -> None:
    assert markdown.placeholders("{{glossary}}") == []
    assert markdown.generator_lines("a\n\n{{glossary}}\n{{colab-links}}") == [
        (2, "glossary"),
        (3, "colab-links"),
    ]
    assert markdown.generator_lines("`{{points}}`\n{{ points }}") == [(1, "points")]
    assert markdown.generator_lines("{{ rows race train }}\n{{rows}}") == [(0, "rows race train")]


def test_headings_in_code_are_no_headings() -> None:
    assert markdown.headings("# A\n\n```\n# no\n```\n\n## `b` c\n") == [(1, "A"), (2, "`b` c")]


@pytest.mark.parametrize(
    "title", ["Global average pooling", "전역 평균 풀링(GAP)이란?", "What 3×3 means: size, stride"]
)
def test_anchors_are_those_of_the_site(title: str) -> None:
    assert markdown.slug(title) == default_slugify(title)


def test_a_text_asks_when_a_call_to_predict_stands_behind_its_last_heading() -> None:
    assert markdown.asks("## 절\n\n글. **예측.** 몇 개일까요?") and markdown.asks(
        "**먼저 예측해 보세요.** 무엇일까요?"
    )
    assert not markdown.asks("**예측.** 몇 개일까요?\n\n## 다음 절\n\n글.") and not markdown.asks(
        "절마다 **예측**이 있습니다."
    )
