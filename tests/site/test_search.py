"""Search terms: what a page is found by."""

from __future__ import annotations

import pytest

from book.site.search import PARTICLES, CourseSearch, index_terms, noun


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("풀링을", "풀링"),
        ("스트라이드에서는", "스트라이드"),
        ("크기가", "크기"),
        ("맵을", "맵"),
        ("깊이", "깊이"),
        ("효과", "효과"),
        ("평가", "평가"),
        ("은", "은"),
    ],
)
def test_a_noun_sheds_its_particle_and_stays_a_word(word: str, stem: str) -> None:
    assert noun(word) == stem


def test_longer_particles_come_first() -> None:
    lengths = [len(particle) for particle in PARTICLES]
    assert lengths == sorted(lengths, reverse=True)
    assert len(set(PARTICLES)) == len(PARTICLES)


def test_a_korean_word_is_found_by_its_beginnings_and_a_mixed_word_by_its_parts() -> None:
    assert set(index_terms("풀링층을")) == {"풀링층을", "풀링층", "풀링"}
    assert index_terms("GAP은") == ["GAP", "은"]
    assert "맵" in index_terms("특징 맵을")


def test_every_stem_of_a_query_is_among_the_terms_of_its_word() -> None:
    for word in ("풀링을", "전역", "채널마다", "맵은", "파라미터입니다", "합성곱에서의"):
        assert noun(word) in index_terms(word)


def test_english_is_stemmed() -> None:
    search = CourseSearch({})
    assert search.stem("Pooling") == search.stem("pooled") == "pool"
    assert search.stem("풀링") == "풀링"
