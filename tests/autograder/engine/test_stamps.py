"""Times of handing in, as people and learning management systems write them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.engine.stamps import as_utc

NOON = datetime.datetime(2026, 11, 28, 12)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28 12:00:00.000000 UTC",
        "2026-11-28 12:00:00",
        "2026-11-28T12:00:00Z",
        "2026-11-28 21:00:00 KST",
        "2026-11-28 21:00:00.000000 +0900",
        "2026-11-28 21:00:00 +09:00",
        "2026-11-28T21:00:00+09:00",
        "2026-11-28 21:00:00 Asia/Seoul",
        "2026-11-28 07:00 EST",
        "2026-11-28 07:00:00 America/New_York",
        "Sat Nov 28 21:00:00 KST 2026",
        "Saturday, 28 November 2026, 9:00 PM KST",
        "2026. 11. 28. 오후 9:00 KST",
        "2026년 11월 28일 오후 9:00 KST",
        "2026년 11월 28일 21시 00분 KST",
        " 2026-11-28\n12:00 ",
    ],
)
def test_moment_is_told_however_it_is_written(text: str) -> None:
    assert as_utc(text) == NOON


@pytest.mark.parametrize(
    "text", ["", "soon", "12", "12:00", "11-28", "2026-11-28 21:00 XYZ", "2026-11-28 Mars/Seoul"]
)
def test_what_says_no_day_or_an_unknown_zone_is_no_time(text: str) -> None:
    with pytest.raises(ValueError):
        as_utc(text)


@given(
    st.text(max_size=60)
    | st.from_regex(r"\d{1,9}[-/. ]\d{1,9}[-/. ]\d{1,9} [+-]?\d{1,9}[a-zA-Z:]*")
)
def test_no_text_does_worse_than_say_that_it_is_no_time(text: str) -> None:
    try:
        as_utc(text)
    except ValueError:
        return
