"""The glossary's own promises; that the prose keeps to it is the business of the gates."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from book.bilingual.lesson import glossary
from book.site import terms as site_glossary

ROOT = Path(__file__).resolve().parents[1]
KEYS = {"en", "ko", "en_def", "ko_def", "avoid_en", "avoid_ko"}


def read() -> list[dict[str, Any]]:
    """The entries of `book/glossary.yml`."""
    return yaml.safe_load((ROOT / "book/glossary.yml").read_text("utf-8"))


ENTRIES = read()


def accepted(lang: str) -> set[str]:
    """Every form that the prose may use: the term, its words outside the parentheses, and what
    these hold.
    """
    forms = set()
    for entry in ENTRIES:
        forms |= {
            entry[lang],
            re.sub(r"\s*\([^)]*\)", "", entry[lang]),
            *re.findall(r"\(([^)]*)\)", entry[lang]),
        }
    return forms


def faults(entries: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the shape of `entries`."""
    found = []
    for entry in entries:
        name = entry.get("en", "?")
        if not KEYS <= set(entry) <= KEYS | {"link", "search"}:
            found.append(f"{name}: keys are {sorted(entry)}")
        found += [
            f"{name}: `{key}` is blank"
            for key in ("en", "ko", "en_def", "ko_def")
            if not str(entry.get(key) or "").strip()
        ]
        found += [
            f"{name}: `{key}` is no list"
            for key in ("avoid_en", "avoid_ko")
            if not isinstance(entry.get(key), list)
        ]
    names = [str(entry.get("en")).casefold() for entry in entries]
    if names != sorted(names):
        found.append("entries are not sorted by `en`")
    for lang in ("en", "ko"):
        counts = Counter(str(entry.get(lang)).casefold() for entry in entries)
        found += [f"{lang}: {name!r} stands twice" for name, count in counts.items() if count > 1]
    return found


def test_there_are_at_least_120_terms() -> None:
    assert len(ENTRIES) >= 120


def test_no_entry_is_blank_unsorted_or_double() -> None:
    assert faults(ENTRIES) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"ko_def": " "}, "`ko_def` is blank"),
        ({"avoid_ko": "피처 맵"}, "`avoid_ko` is no list"),
        ({"ko": ENTRIES[1]["ko"]}, "stands twice"),
        ({"en": "zzz"}, "not sorted"),
        ({"defn": "misspelt key"}, "keys are"),
    ],
)
def test_a_fault_planted_in_the_glossary_is_found(change: dict[str, Any], fault: str) -> None:
    planted = [{**ENTRIES[0], **change}, *ENTRIES[1:]]
    assert any(fault in line for line in faults(planted))


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_no_avoided_variant_is_an_accepted_form_or_part_of_one(lang: str) -> None:
    clashes = [
        (variant, form)
        for entry in ENTRIES
        for variant in entry[f"avoid_{lang}"]
        for form in accepted(lang)
        if variant.casefold() in form.casefold()
    ]
    assert clashes == []


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_definitions_use_no_avoided_variant(lang: str) -> None:
    variants = [variant for entry in ENTRIES for variant in entry[f"avoid_{lang}"]]
    used = [
        (e["en"], v)
        for e in ENTRIES
        for v in variants
        if v.casefold() in e[f"{lang}_def"].casefold()
    ]
    assert used == []


def test_no_variant_is_listed_twice() -> None:
    for lang in ("en", "ko"):
        counts = Counter(variant for entry in ENTRIES for variant in entry[f"avoid_{lang}"])
        assert [variant for variant, count in counts.items() if count > 1] == []


def test_definitions_are_one_or_two_sentences_in_their_own_language() -> None:
    for entry in ENTRIES:
        korean, english = entry["ko_def"], entry["en_def"]
        assert korean.endswith("다."), entry["en"]  # 합니다체 throughout
        assert english.endswith((".", "?")), entry["en"]
        assert re.search("[가-힣]", korean) and not re.search("[가-힣]", english), entry["en"]
        assert 1 <= len(re.findall(r"다\.(?:\s|$)", korean)) <= 2, entry["en"]


def test_a_korean_term_is_written_in_korean_unless_it_is_a_name_or_abbreviation() -> None:
    names = {entry["en"] for entry in ENTRIES if entry["ko"] == entry["en"]}
    assert all(re.search("[가-힣]", entry["ko"]) for entry in ENTRIES if entry["en"] not in names)
    assert all(any(letter.isupper() for letter in name) for name in names)


def test_each_term_has_an_anchor_of_its_own_and_the_site_links_to_it() -> None:
    anchors = [entry.anchor for entry in glossary.load(ROOT)]
    assert anchors == [site_glossary.term_anchor(entry["en"]) for entry in ENTRIES]
    assert [anchor for anchor, count in Counter(anchors).items() if count > 1] == []
