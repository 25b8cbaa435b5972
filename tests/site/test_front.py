"""The first page, the social cards, the feeds and the glossary's jumps."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document
from PIL import Image

from book.site import card, feed, front
from book.site.jumps import add_jumps, initial

LANGUAGES = ("ko", "en")


def parse(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def test_the_first_page_shows_the_studys_own_numbers(site: Path) -> None:
    page = parse(site / "notebooks" / "index.html")
    rows = json.loads(front.RESULTS.read_text("utf-8"))["rows"]
    for figure in page.select("figure.course-phenomenon"):
        shown = [int(str(strong.string).rstrip("%")) for strong in figure.select("strong")]
        for percent, (side, head) in zip(
            shown, [(s, h) for s in ("seen", "unseen") for h in front.HEADS], strict=True
        ):
            first = [row for row in rows if row["head"] == head and row.get("length", 1) == 1]
            chosen = [row[side] for row in first if front.SETTING.items() <= row.items()]
            assert abs(percent - 100 * sum(chosen) / len(chosen)) <= 0.51
        # What the page tells of: both learned, and only one of them holds on the other side.
        assert shown[0] > 80 and shown[1] > 90 and shown[2] < 40 and shown[3] > 90
    assert len(page.select("figure.course-phenomenon")) == 2


def test_the_first_page_states_the_licences_in_both_languages_and_others_in_theirs(
    site: Path,
) -> None:
    def said(path: str) -> list[tuple[str, str]]:
        page = parse(site / path)
        return [(str(p["lang"]), p.get_text()[:2]) for p in page.select(".course-licence")]

    assert said("notebooks/index.html") == [("ko", "본문"), ("en", "Te")]
    assert said("notebooks/en/welcome.html") == [("en", "Te")]


def test_a_study_without_those_rows_stops_the_first_page(tmp_path: Path) -> None:
    path = tmp_path / "ch02_position.json"
    path.write_text(
        '{"rows": [{"head": "gap", "train_side": "left", "padding": "zeros", "size": 64}]}', "utf-8"
    )
    with pytest.raises(ValueError, match="name the rows that it should show"):
        front.scores(path)


def test_the_map_names_every_lesson_and_its_time_in_both_languages(site: Path) -> None:
    page = parse(site / "notebooks" / "index.html")
    for number, lang in enumerate(LANGUAGES):
        listed = page.select("ul.course-outline")[number].select("li")
        lessons = [
            *(site / "notebooks" / lang).glob("ch*.html"),
            *(site / "notebooks" / lang).glob("ex*.html"),
        ]
        assert len(listed) == len(lessons) >= 14
        times = [
            int(li.span.string.split()[0].rstrip("분"))
            for li in listed
            if li.span and li.span.string
        ]
        assert len(times) == len(listed) and all(5 <= time <= 180 for time in times), times


def test_a_chapters_time_counts_prose_and_visible_code(tmp_path: Path) -> None:
    document = new_document("test")
    document += nodes.paragraph("", "word " * 400)
    document += nodes.literal_block("", "\n".join(["x = 1"] * 30))
    hidden = nodes.container(
        "", nodes.literal_block("", "\n".join(["x = 1"] * 300)), hide_mode="input"
    )
    document += hidden
    assert front.minutes(document, "ch") == 4
    document += nodes.paragraph("", "", nodes.emphasis("", "About 10 minutes"))
    document += nodes.paragraph("", "", nodes.emphasis("", "심화 · 약 25분"))
    assert front.minutes(document, "ch") == 35  # what its sections say
    assert (
        front.minutes(nodes.section("", nodes.paragraph("", "About 60 minutes should do.")), "ex")
        == 60
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_card_is_there_has_its_size_and_shows_what_holds_now(site: Path, lang: str) -> None:
    drawn = card.path(lang)
    with Image.open(drawn) as picture:
        assert picture.size == (1200, 630)
    assert card.drawn_from(drawn) == card.source(lang), "draw it anew: python -m book.site.card"
    page = parse(site / "notebooks" / lang / "ch02_gap.html")
    (tag,) = page.select('meta[property="og:image"]')
    assert (site / "_static" / str(tag["content"]).rsplit("/", 1)[-1]).is_file()


def test_a_card_that_says_nothing_of_its_source_is_stale(tmp_path: Path) -> None:
    Image.new("RGB", (1200, 630)).save(tmp_path / "card.png")
    assert card.drawn_from(tmp_path / "card.png") == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_feed_tells_of_changes_in_its_language(site: Path, lang: str) -> None:
    channel = ElementTree.fromstring((site / f"feed-{lang}.xml").read_text("utf-8")).find("channel")
    assert channel is not None and channel.findtext("language") == lang
    items = channel.findall("item")
    assert len(items) >= 10 and len({item.findtext("guid") for item in items}) == len(items)
    for item in items:
        said = item.findtext("description") or ""
        hangul = sum("가" <= letter <= "힣" for letter in said)
        assert "`" not in said
        assert hangul > 0 if lang == "ko" else hangul < len(said) / 5, said
    links = parse(site / "notebooks" / lang / "welcome.html").select(
        ':is(link, footer a)[type="application/rss+xml"]'
    )
    assert len(links) == 2
    assert all(str(link["href"]).endswith(f"/feed-{lang}.xml") for link in links)


def test_a_line_of_the_changelog_has_two_sides() -> None:
    text = "# A\n\n### 추가 · Added\n\n- 새로운\n  것. · A new\n  thing.\n- 둘. · Two.\n"
    assert feed.changes(text, "ko") == [("추가", "새로운 것."), ("추가", "둘.")]
    assert feed.changes(text, "en") == [("Added", "A new thing."), ("Added", "Two.")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_glossary_jumps_to_each_letter(site: Path, lang: str) -> None:
    page = parse(site / "notebooks" / lang / "glossary.html")
    links = page.select("nav.course-jumps a")
    names = [str(link.string) for link in links]
    assert {"ㄱ", "ㅍ", "ㅎ"} <= set(names) if lang == "ko" else {"A", "P", "W"} <= set(names)
    for link in links:
        target = page.find(id=str(link["href"])[1:])
        assert target and initial(target.get_text().strip()[0], lang) == link.string


def test_a_syllable_stands_below_its_initial_consonant() -> None:
    assert [initial(letter, "ko") for letter in "가까쌍풀힣A1"] == [
        "ㄱ",
        "ㄱ",
        "ㅅ",
        "ㅍ",
        "ㅎ",
        "A–Z",
        "0–9",
    ]
    assert initial("p", "en") == "P"
    html = '<table><tr><td id="term-a">apple</td></tr></table>'
    assert add_jumps(html, "en").startswith('<nav class="course-jumps"')
