"""The theme's words in the page's language."""

from __future__ import annotations

import pytest

from book.site import words as site_words
from book.site.words import Words, javascript_catalogue, words


def test_our_own_words_come_before_the_catalogues() -> None:
    assert words("ko").gettext("Fullscreen mode") == "전체 화면으로보기"  # the theme's catalogue
    assert words("ko").gettext("Search") == "검색"
    assert words("ko").gettext("Print to PDF") == "PDF로 인쇄"


def test_english_stays_and_names_of_files_stay() -> None:
    assert words("en").gettext("Open in Colab") == "Open in Colab"
    assert words("ko").gettext(".ipynb") == ".ipynb"
    assert words("ko").gettext("") == ""


def test_a_word_without_korean_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple] = []
    monkeypatch.setattr(site_words.logger, "warning", lambda *args, **more: said.append(args))
    assert Words("ko").gettext("Frobnicate") == "Frobnicate"
    assert said and "Frobnicate" in said[0][0] % said[0][1:] and "words.py" in said[0][0] % said[0][1:]


def test_plurals_have_one_form_in_korean() -> None:
    assert words("en").ngettext("one page", "%d pages", 2) == "%d pages"
    assert words("ko").ngettext("Search", "Searches", 2) == "검색"


def test_words_inside_the_body_are_replaced_where_extensions_write_them() -> None:
    html = '<a title="Link to this heading">#</a><p class="collapsed">Show code cell source</p>'
    assert words("ko").body(html) == '<a title="이 제목의 주소">#</a><p class="collapsed">코드 펼치기</p>'
    assert words("en").body(html) == html


def test_sphinx_has_korean_words_for_its_scripts() -> None:
    path = javascript_catalogue("ko")
    assert path and "Documentation.addTranslations" in path.read_text("utf-8")
