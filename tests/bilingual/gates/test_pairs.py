"""Structure and language of a pair."""

from __future__ import annotations

import pytest

from book.bilingual.gates.pairs import differences, language_faults


def aspects(korean: str, english: str) -> list[str]:
    return [aspect for aspect, _ in differences(korean, english, lambda target, lang: target)]


def faults(korean: str, english: str) -> list[str]:
    return [f"{side}: {what}" for side, what, _ in language_faults(korean, english)]


def test_a_good_pair_agrees() -> None:
    korean = (
        "## 전역 평균 풀링\n\n- 채널 `C`는 그대로입니다.\n- [논문](https://a.org/x) 참고\n\n"
        "$$y_c=\\frac{1}{HW}\\sum x$$\n\n"
        "특징 맵(feature map) 128×16×16을 평균합니다.\n\n| 층 | 개수 |\n|---|---|\n| 1 | 32,768 |\n"
    )
    english = (
        "## Global average pooling\n\n- The channel `C` stays.\n- See the"
        " [paper](https://a.org/x)\n\n$$y_c = \\frac{1}{HW} \\sum x$$\n\nIt averages the feature"
        " map (특징 맵), 128×16×16.\n\n| layer | count |\n|---|---|\n| 1 | 32,768 |\n"
    )
    assert aspects(korean, english) == []
    assert faults(korean, english) == []


@pytest.mark.parametrize(
    ("aspect", "korean", "english"),
    [
        ("headings", "## 가", "### A"),
        ("headings", "## 가\n\n나", "A\n\nb"),
        ("lists", "- 가\n- 나", "- a"),
        ("lists", "- 가\n- 나", "1. a\n2. b"),
        ("lists", "- 가\n- 나", "- a\n  - b"),
        ("tables", "| 가 | 나 |\n|---|---|\n| 다 | 라 |", "| a | b |\n|---|---|"),
        ("links", "[가](https://a.org)", "[a](https://b.org)"),
        ("images", "![가](https://a.org/x.png)", "![a](https://a.org/y.png)"),
        ("formulas", "$C^2$을 봅시다", "see $C^3$"),
        ("code", "`x.mean()`을 씁니다", "use `x.sum()`"),
        ("code", "가\n\n```python\nx = 1\n```", "a\n\n```python\nx = 2\n```"),
        ("numbers", "5만 장", "5,000 images"),
    ],
)
def test_a_difference_in_structure_is_named_by_its_aspect(
    aspect: str, korean: str, english: str
) -> None:
    assert aspects(korean, english) == [aspect]


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("$C$개, `x`, `x`", "$C$ of $C$, `x`"),  # how often a thing is named is a matter of style
        ("$\\text{높이}$", "$\\text{height}$"),
        ("`3`개", "`3`"),
        ("[가](https://a.org/2)", "[a](https://a.org/2)"),
        ("값 {{ a | .2f }}", "{{ a | .2f }}"),
    ],
)
def test_style_is_no_difference(korean: str, english: str) -> None:
    assert aspects(korean, english) == []


@pytest.mark.parametrize(
    ("korean", "english", "part"),
    [
        ("Global average pooling", "Global average pooling.", "not translated"),
        ("## VGG16", "## VGG16", "both sides are equal"),
        ("한국어입니다.", "한국어입니다 still here.", "Korean outside parentheses"),
        (
            "한국어입니다.\n\nThis paragraph was left in English by mistake.",
            "Two\n\nparagraphs.",
            "paragraph without Korean",
        ),
    ],
)
def test_text_in_the_wrong_language_is_reported(korean: str, english: str, part: str) -> None:
    assert any(part in fault for fault in faults(korean, english))


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("전역 평균 풀링(global average pooling, GAP)", "Global average pooling (전역 평균 풀링)"),
        ("$C$", "$C$"),
        ("`torch.mean`은 평균입니다.", "`torch.mean` is the mean."),
        ("ResNet은 깊습니다.\n\n`x.view(N, C, -1)`", "ResNet is deep.\n\n`x.view(N, C, -1)`"),
        ("{{glossary}}", "{{glossary}}"),
        (
            "참고\n\n- M. Lin, Q. Chen, S. Yan, Network in network and many more words, ICLR 2014.",
            "See\n\n- M. Lin, Q. Chen, S. Yan, Network in network and many more words, ICLR 2014.",
        ),
    ],
)
def test_glosses_names_code_and_formulas_are_welcome(korean: str, english: str) -> None:
    assert faults(korean, english) == []
