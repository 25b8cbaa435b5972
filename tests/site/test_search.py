"""The search finds what readers type: in their language, while they type, with particles, slips and
other spellings.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from docutils import nodes
from docutils.utils import new_document
from playwright.sync_api import Browser, Page, expect
from sphinx.addnodes import pending_xref

from book.site.search import (
    columns,
    formula_in_words,
    glossary_columns,
    glossary_entries,
    sections,
    slug,
    with_questions,
)
from book.site.terms import PARTICLES

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "book" / "site" / "static"
QUERIES: dict[str, dict[str, list[str]]] = yaml.safe_load((HERE / "queries.yml").read_text("utf-8"))
LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
MOST_BYTES = 250_000  # of one language's index, compressed as servers do
MOST_MS = 100  # of one query, once the index is there


@pytest.fixture(scope="module")
def pages(browser: Browser, address: str) -> Iterator[dict[str, Page]]:
    """The search page of each language, its index loaded."""
    opened = {}
    for lang in QUERIES:
        opened[lang] = browser.new_page(base_url=address)
        opened[lang].goto(f"/search-{lang}.html")
        opened[lang].wait_for_selector(".course-field input")
    yield opened
    for page in opened.values():
        page.close()


def found(page: Page, lang: str, query: str) -> list[str]:
    """The first three results as `PAGE/section's title`."""
    said: dict[str, Any] = page.evaluate(
        "([lang, query]) => courseSearch.search(lang, query)", [lang, query]
    )
    hits = [f"{Path(hit['page']).stem}/{hit['title']}" for hit in said["hits"]]
    return [*(f"glossary/{card['t']}" for card in said["cards"]), *hits][:3]


def answers(results: list[str], wanted: list[str]) -> bool:
    """Whether one of the results is one of those wanted."""
    for want in wanted:
        page, _, title = want.partition("/")
        if any(result.startswith(page + "/") and title in result for result in results):
            return True
    return False


def keys(text: str) -> str:
    """What is pressed for `text` on a Korean keyboard, without spaces and marks."""
    pressed = ""
    for letter in re.sub(r"[\W_]", "", text.lower()):
        number = ord(letter) - 0xAC00
        if 0 <= number < 11172:
            letter = LEADS[number // 588] + VOWELS[number // 28 % 21] + FINALS[number % 28]
        pressed += letter.strip()
    return pressed


def typing(name: str) -> Iterator[str]:
    """What stands in the field on the way to `name`: ㅅ, 스, 슽 (the ㅌ of 트), 스트, …"""
    for i, letter in enumerate(name):
        number = ord(letter) - 0xAC00
        if not 0 <= number < 11172:
            if letter != " ":
                yield name[: i + 1]
            continue
        yield name[:i] + LEADS[number // 588]
        yield name[:i] + chr(0xAC00 + number // 28 * 28)
        after = ord(name[i + 1]) - 0xAC00 if i + 1 < len(name) else -1
        if number % 28:
            yield name[: i + 1]
        elif 0 <= after < 11172 and LEADS[after // 588] in FINALS:
            yield name[:i] + chr(0xAC00 + number + FINALS.index(LEADS[after // 588]))


def test_a_syllable_takes_the_next_ones_first_letter_until_its_vowel_comes() -> None:
    assert list(typing("수용")) == ["ㅅ", "수", "숭", "수ㅇ", "수요", "수용"]
    assert keys("숭") == keys("수ㅇ") == keys("수용")[:3]


def test_there_are_forty_queries_per_language() -> None:
    assert min(len(queries) for queries in QUERIES.values()) >= 40


@pytest.mark.browser
@pytest.mark.parametrize("lang", list(QUERIES))
def test_each_query_finds_its_section_among_the_first_three(
    pages: dict[str, Page], lang: str
) -> None:
    missed = {}
    for query, wanted in QUERIES[lang].items():
        results = found(pages[lang], lang, query)
        if not answers(results, wanted):
            missed[query] = results
    assert missed == {}


@pytest.mark.browser
@pytest.mark.parametrize("lang", list(QUERIES))
def test_the_answer_is_there_before_a_reader_notices(pages: dict[str, Page], lang: str) -> None:
    asked = """([lang, queries]) => queries.map(query => Math.min(...[0, 1, 2, 3, 4].map(() => {
      const start = performance.now();
      courseSearch.search(lang, query);
      return performance.now() - start;
    })))"""
    spent = pages[lang].evaluate(asked, [lang, list(QUERIES[lang])])
    assert max(spent) < MOST_MS


def test_a_query_that_finds_something_else_is_missed() -> None:
    assert not answers(["ch01_pooling/풀링"], ["ch02_gap", "ch01_pooling/패딩"])
    assert answers(["ch01_pooling/패딩은 무엇으로 채울까요"], ["ch02_gap", "ch01_pooling/패딩"])


@pytest.mark.browser
@pytest.mark.parametrize("lang", list(QUERIES))
def test_every_term_of_the_glossary_finds_its_definition(pages: dict[str, Page], lang: str) -> None:
    entries = glossary_entries(HERE.parents[1] / "book" / "glossary.yml", lang)
    asked = (
        "([lang, names]) => names.map(name => courseSearch.search(lang, name).cards.map(card =>"
        " card.a))"
    )
    shown = pages[lang].evaluate(asked, [lang, [entry["t"].split(" (")[0] for entry in entries]])
    lost = [
        entry["t"]
        for entry, anchors in zip(entries, shown, strict=True)
        if entry["a"] not in anchors
    ]
    assert lost == []


@pytest.mark.browser
def test_every_prefix_of_a_compound_finds_something_as_it_is_typed(pages: dict[str, Page]) -> None:
    typed = "전역 전역ㅍ 전역펴 전역평구 전역평균푸 배치정ㄱ 배치정그 스트라 수용여 클래스화"
    assert [part for part in typed.split() if not found(pages["ko"], "ko", part)] == []


@pytest.mark.browser
@pytest.mark.parametrize("lang", list(QUERIES))
def test_a_term_is_there_as_soon_as_what_is_typed_begins_no_other(
    pages: dict[str, Page], lang: str
) -> None:
    entries = glossary_entries(HERE.parents[1] / "book" / "glossary.yml", lang)
    begun = [keys(name) for entry in entries for name in set(re.split(r"[()]", entry["t"])) if name]
    whole = {keys(name) for entry in entries for name in entry["n"]}
    asked = [
        (state, entry["a"], sum(name.startswith(keys(state)) for name in begun))
        for entry in entries[::3]
        for state in typing(re.sub(r"\s*\(.*", "", entry["t"]))
    ]
    script = """([lang, states]) => states.map((state) => {
      const { cards, hits } = courseSearch.search(lang, state);
      return [cards.map((card) => card.a), hits.length];
    })"""
    shown = pages[lang].evaluate(script, [lang, [state for state, _, _ in asked]])
    nothing, lost = [], []
    for (state, anchor, rivals), (cards, hits) in zip(asked, shown, strict=True):
        if not cards and not hits:
            nothing.append(state)
        if rivals == 1 and keys(state) not in whole and anchor not in cards[:3]:
            lost.append(state)
    assert (nothing, lost) == ([], [])


@pytest.mark.browser
@pytest.mark.parametrize("lang", list(QUERIES))
def test_a_name_of_code_finds_chapters_before_assignments(
    pages: dict[str, Page], lang: str
) -> None:
    for name in ("nn.MaxPool2d", "MaxPool2d", "F.max_pool2d"):
        results = [result for result in found(pages[lang], lang, name) if "glossary/" not in result]
        assert results[0].startswith("ch0"), (name, results)
    assert answers(found(pages[lang], lang, "nn.MaxPool2d"), ["ch01_pooling"])


@pytest.mark.browser
def test_the_dialog_works_by_keyboard_alone_and_leads_to_the_section(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/ko/ch01_pooling.html")
    page.keyboard.press("Control+k")
    expect(page.locator("dialog.course-search input")).to_be_focused()
    page.keyboard.type("Grad-CAM")
    expect(page.locator(".course-results a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".course-results a").first).to_be_focused()
    # the other edition's index arrives
    page.evaluate("document.dispatchEvent(new Event('course-search-more'))")
    expect(page.locator(".course-results a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.course-search")).to_be_hidden()
    page.keyboard.press("/")
    page.locator("dialog input").fill("배치 정규화를 손으로")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("ko/(ch04_vgg_to_resnet|glossary).html#"))
    page.close()


@pytest.mark.browser
def test_what_the_page_s_language_lacks_is_found_in_the_other(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/search-ko.html?q=suspicious")
    expect(page.locator(".course-results-other")).to_have_text("영어판에서 찾은 것")
    assert page.locator(".course-results li[lang=en]").count() >= 1
    page.close()


@pytest.mark.browser
def test_nothing_found_is_said(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/search-en.html?q=zzzzqqqq")
    expect(page.locator(".course-status")).to_have_text("Nothing found.")
    page.close()


@pytest.mark.browser
def test_stems_keep_apart_what_only_looks_alike(pages: dict[str, Page]) -> None:
    asked = "words => words.map(word => courseSearch.stem(word))"
    for family in (
        "pool pooled pools pooling",
        "normalise normalize normalized normalisation normalization",
        "accumulate accumulating accumulation",
        "grade graded grading",
        "add adding",
        "colour colors",
    ):
        assert len(set(pages["en"].evaluate(asked, family.split()))) == 1, family
    assert len(set(pages["en"].evaluate(asked, ["grad", "grade", "gradient"]))) == 3


def test_each_group_of_synonyms_names_a_word_once() -> None:
    groups = yaml.safe_load((STATIC.parent / "synonyms.yml").read_text("utf-8"))
    assert [g for g in groups if len(g) < 2 or len(set(g)) < len(g)] == []


@pytest.mark.browser
def test_what_is_shown_of_a_section_is_the_sentence_that_answers(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/search-en.html?q=NotImplementedError")
    first = page.locator(".course-results a").first
    expect(first).to_contain_text("How to solve and hand in an assignment")
    expect(first).to_contain_text("Delete the line with raise NotImplementedError")
    page.close()


def test_the_index_is_small(site: Path) -> None:
    for lang in QUERIES:
        assert len(gzip.compress((site / f"search-{lang}.js").read_bytes(), 6)) < MOST_BYTES


def test_the_script_sheds_the_particles_that_the_glossary_links_know() -> None:
    script = (STATIC / "search.js").read_text("utf-8")
    listed = " ".join(
        re.findall(r'"([^"]*)"', script[script.index("const PARTICLES") : script.index(").split")])
    )
    assert tuple(listed.split()) == PARTICLES
    lengths = [len(particle) for particle in PARTICLES]
    assert lengths == sorted(lengths, reverse=True) and len(set(PARTICLES)) == len(PARTICLES)


def test_questions_go_to_their_sections_and_those_of_no_section_are_named() -> None:
    found = [{"a": "one", "t": "One"}, {"a": "two", "t": "Two"}]
    asked = {"two": ["why two", "two or one"], "gone": ["where is it"]}
    with_them, lost = with_questions(found, asked)
    assert with_them == [{"a": "one", "t": "One"}, {"a": "two", "t": "Two", "q": asked["two"]}]
    assert lost == ["gone"]


def test_sections_are_stored_field_by_field() -> None:
    one = {"a": "play-one", "t": "One", "x": "", "c": "nn", "q": ["why", "and how"]}
    stored = columns([one, {"a": "the-second-2", "t": "The second, 2"}])
    assert stored["a"] == "play-one\n"
    assert stored["q"] == "why\tand how\n"
    assert {len(column.split("\n")) for column in stored.values()} == {2}


@pytest.mark.browser
def test_what_follows_from_a_term_is_not_stored(pages: dict[str, Page]) -> None:
    entries = glossary_entries(HERE.parents[1] / "book" / "glossary.yml", "ko")
    stored = glossary_columns(entries)
    at = [entry["t"] for entry in entries].index("전역 평균 풀링(GAP)")
    left = stored["n"].split("\n")[at].split("\t")
    assert "갭" in left and not {"GAP", "전역 평균 풀링", "global average pooling"} & set(left)
    asked = (
        "names => names.map(name => courseSearch.search('ko', name).cards.map(card =>"
        " [card.a, card.t, card.o, card.d]))"
    )
    names = ["갭", "GAP", "전역평균풀링", "global average pooling"]
    shown = pages["ko"].evaluate(asked, names)
    assert shown == [[[entries[at][field] for field in "atod"]]] * len(names)


@pytest.mark.browser
def test_the_script_makes_the_anchors_that_the_index_leaves_out(pages: dict[str, Page]) -> None:
    titles = [
        "2. “2×2 풀링은 넓이를 1/4만큼 줄인다”",
        "F(x)² — what’s x_1?",
        "ResNet-20: Dataset, 변환",
    ]
    made = pages["en"].evaluate("titles => titles.map(courseSearch.slug)", titles)
    assert made == [slug(title) for title in titles]


@pytest.mark.browser
def test_a_question_in_other_words_finds_the_section_that_is_said_to_answer_it(
    pages: dict[str, Page],
) -> None:
    script = """() => {
      const other = Array(8).fill("Other");
      const pages = [{ p: "notebooks/xx/ch09.html", t: "Page", n: 10 }];
      const sections = {
        a: [...other, "here", "there"], t: [...other, "Title", "Title too"],
        q: [...other.map(() => ""), "blurry heatmap", ""],
        x: Array(10).fill("Words of the section."), f: Array(10).fill(""), c: Array(10).fill(""),
      };
      for (const field in sections) sections[field] = sections[field].join("\\n");
      const terms = { t: "", o: "", d: "", n: "" };
      courseSearch.add({ lang: "xx", pages, sections, glossary: "", terms, same: [] });
      return courseSearch.search("xx", "heatmap looks blurry").hits.map((hit) => hit.url);
    }"""
    assert pages["en"].evaluate(script) == ["notebooks/xx/ch09.html#here"]


def test_a_section_is_indexed_without_its_subsections_hidden_code_and_raw_html() -> None:
    document = new_document("test")
    inner = nodes.section(
        "", nodes.title("", "Inside"), nodes.paragraph("", "deep words"), ids=["inside"]
    )
    code = nodes.literal_block("", "pool = nn.MaxPool2d(2)  # a remark")
    shown = nodes.container(
        "", nodes.container("", code, nb_element="cell_code_source"), nb_element="cell_code"
    )
    secret = nodes.literal_block("", "helper_function()")
    hidden = nodes.container(
        "",
        nodes.container("", secret, nb_element="cell_code_source"),
        nb_element="cell_code",
        hide_mode="input",
    )
    raw = nodes.raw("", "<b>raw</b>", format="html")
    outer = nodes.section(
        "", nodes.title("", "Title"), nodes.paragraph("", "own words"), raw, shown, hidden, inner
    )
    outer["ids"] = ["title"]
    document += outer
    assert sections(document) == [
        {"a": "title", "t": "Title", "x": "own words", "c": "nn.MaxPool2d"},
        {"a": "inside", "t": "Inside", "x": "deep words", "c": ""},
    ]


def test_what_is_folded_is_found_and_not_shown() -> None:
    document = new_document("test")
    opens = "<details><summary>Check your prediction</summary>"
    section = nodes.section(
        "",
        nodes.title("", "Title"),
        nodes.paragraph("", "Will it change?"),
        nodes.raw("", opens, format="html"),
        nodes.paragraph("", "It will."),
        nodes.raw("", opens, format="html"),
        nodes.paragraph("", "Deeper."),
        nodes.raw("", "</details>", format="html"),
        nodes.raw("", "</details>", format="html"),
        nodes.paragraph("", "Onwards."),
    )
    section["ids"] = ["title"]
    document += section
    (found,) = sections(document)
    assert (found["x"], found["f"]) == ("Will it change? Onwards.", "It will. Deeper.")


@pytest.mark.browser
def test_an_excerpt_does_not_give_an_answer_away(pages: dict[str, Page]) -> None:
    script = """() => {
      const pages = [{ p: "notebooks/yy/ch09.html", t: "Page", n: 1 }];
      const sections = { a: "asks", t: "Title", x: "Which is it?",
        f: "A zebra, of course.", c: "", q: "" };
      const terms = { t: "", o: "", d: "", n: "" };
      courseSearch.add({ lang: "yy", pages, sections, glossary: "", terms, same: [] });
      return courseSearch.search("yy", "zebra").hits.map(({ text, at }) => [text, at]);
    }"""
    ((text, at),) = pages["en"].evaluate(script)
    assert text == "Which is it?" and at >= 1  # `extract` shows the beginning then


def test_an_excerpt_has_no_gap_beside_a_link_no_tex_and_no_minutes() -> None:
    document = new_document("page.md")
    link = pending_xref("", nodes.inline("", "chapter 1"))
    section = nodes.section(
        "",
        nodes.title("", "Title"),
        nodes.paragraph("", "", nodes.emphasis("", "About 15 minutes")),
        nodes.paragraph("", "", nodes.Text("As in "), link, nodes.Text(", it is a mean.")),
        nodes.paragraph("", "", nodes.math("", r"\frac14"), nodes.Text("로 줄어듭니다.")),
    )
    section["ids"] = ["title"]
    document += section
    assert sections(document)[0]["x"] == "As in chapter 1, it is a mean. 1/4로 줄어듭니다."


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\max(a, b) = a + \mathrm{ReLU}(b - a)", "max (a, b) = a + ReLU(b - a)"),
        (r"\frac{n + 2p - k}{s}", "(n + 2p - k)/(s)"),
        (r"x_{i} \times 2", "x_i ×2"),
        (
            r"\hat x_{n,c} = \frac{x_{n,c} - \mu_c}{\sqrt{\sigma_c^2 + \varepsilon}}\,w",
            "x_n,c = (x_n,c - μ_c)/(√σ_c^2 + ε) w",
        ),
        (r"\frac{1}{1 + \frac{a_{i}}{b}}", "(1)/(1 + (a_i)/(b))"),
    ],
)
def test_a_formula_is_a_line_of_text(tex: str, said: str) -> None:
    assert formula_in_words(tex) == said
