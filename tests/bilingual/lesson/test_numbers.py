"""Korean and English numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from book.bilingual.lesson.numbers import unanswered


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("이미지 5만 장", "50,000 images"),
        ("1억 3,835만 7,544개", "138,357,544 parameters"),
        ("약 1억 2천만 개", "about 120 million"),
        ("3.5천 장", "3,500 photographs"),
        ("128만 장", "1.28 million images"),
        ("33만 개에서 1,290개로", "from 0.33 M to 1,290"),
        ("3백만 개", "3 million"),
        ("두 번째 층", "the second layer"),
        ("첫 번째 열", "the first column"),
        ("채널 세 개", "3 channels"),
        ("2개", "two"),
        ("2배로", "doubled"),
        ("4분의 1", "1/4"),
        ("1/4로 줄어듭니다", "to a quarter"),
        ("정확도 3.57%", "3.57 per cent"),
        ("절반으로", "by 50%"),
        ("2차원", "2D"),
        ("3×3 합성곱", "a 3×3 convolution"),
        ("VGG16은 깊습니다. VGG16은 큽니다.", "It is deep."),
        ("CIFAR-10을 씁니다", "the data set"),
        ("상위 5개", "top-5"),
        ("0.5가 남습니다", "half is left"),
        ("10만 남습니다", "only 10 remain"),
        ("아무것도 없습니다", "there are 0"),
        ("1. 가\n2. 나", "- a\n- b"),
        ("1e-3", "0.001"),
        ("2016년에 100개 층", "100 layers in 2016"),
    ],
)
def test_equal_numbers_agree_however_they_are_said(korean: str, english: str) -> None:
    assert unanswered(korean, english) == ([], [])


@pytest.mark.parametrize(
    ("korean", "english", "only"),
    [
        ("이미지 5만 장", "5,000 images", (["5만"], ["5,000"])),
        ("정확도 82.1%", "accuracy 81.2%", (["82.1"], ["81.2"])),
        ("채널 세 개", "4 channels", ([], ["4"])),
        ("32,768개", "about 32,000", (["32,768"], ["32,000"])),
        ("3개", "some", (["3"], [])),
        ("1억 3,835만 7,544개", "138,357,554", (["1억 3,835만 7,544"], ["138,357,554"])),
    ],
)
def test_a_number_that_the_other_side_does_not_say_is_named(
    korean: str, english: str, only: tuple[list[str], list[str]]
) -> None:
    assert unanswered(korean, english) == only


@given(st.integers(1, 10**12 - 1))
def test_every_whole_number_agrees_with_itself_in_korean_units(number: int) -> None:
    parts = [(number // 10**8, "억"), (number // 10**4 % 10**4, "만"), (number % 10**4, "")]
    korean = " ".join(f"{value:,}{unit}" for value, unit in parts if value)
    assert unanswered(f"모두 {korean}개입니다.", f"{number:,} in all.") == ([], [])


@given(st.integers(13, 10**9), st.integers(13, 10**9))
def test_different_numbers_never_agree(first: int, second: int) -> None:
    found = unanswered(f"모두 {first:,}개", f"{second:,} in all")
    assert (found == ([], [])) == (first == second)
