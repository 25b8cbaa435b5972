"""The words around the text, in the page's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from book.site.words import body, spoken_on_the_first_page, spoken_to_scripts, word

SITE = Path(__file__).resolve().parents[2] / "book" / "site"


def test_a_word_is_spoken_in_the_pages_language_with_its_gaps_filled() -> None:
    assert word("ko", "chapter", 2) == "2장" and word("en", "chapter", 2) == "Chapter 2"


def test_a_word_that_is_not_in_the_table_stops_the_build() -> None:
    with pytest.raises(KeyError):
        word("ko", "frobnicate")


def test_every_word_that_a_script_says_is_told_to_it() -> None:
    told = {*spoken_to_scripts("ko"), *spoken_on_the_first_page("ko")}
    for script in ("course.js", "search.js", "progress.js"):
        said = re.findall(r"say\(\"([\w-]+)\"\)", (SITE / "static" / script).read_text("utf-8"))
        assert said and set(said) <= told, script


def test_the_one_word_that_sphinx_writes_is_replaced() -> None:
    html = '<a title="Link to this heading">#</a>'
    assert body(html, "ko") == '<a title="이 제목 링크">#</a>' and body(html, "en") == html
