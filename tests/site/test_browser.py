"""What readers meet in Chromium: choosing a language, switching, moving, searching, with and without JavaScript."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from browsing import chromium_options
from playwright.sync_api import Browser, Page, expect

from book.site.search import noun

pytestmark = pytest.mark.browser

KO, EN = "/notebooks/ko/", "/notebooks/en/"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh reader with nothing remembered; the test fails if a page's script does, or if a page asks the web."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: request.url.startswith((address, "data:")) or faults.append(request.url))
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def bare(browser: Browser, address: str) -> Iterator[Page]:
    """A reader without JavaScript."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    yield context.new_page()
    context.close()


def language(page: Page) -> str | None:
    return page.locator("html").get_attribute("lang")


# The first page


def test_the_first_page_offers_both_languages_and_goes_nowhere_by_itself(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/notebooks/index\.html$"))
    assert page.locator(".course-choices a").all_inner_texts() == ["한국어로 읽기", "Read in English"]
    assert page.locator(".course-choices [lang=en]").count() == 1
    expect(page.locator("nav.bd-docs-nav")).to_have_count(0)


@pytest.mark.parametrize(("choice", "lang"), [("한국어로 읽기", "ko"), ("Read in English", "en")])
def test_a_choice_is_remembered_and_can_be_taken_back(page: Page, choice: str, lang: str) -> None:
    page.goto("/notebooks/index.html")
    page.get_by_role("link", name=choice).click()
    expect(page).to_have_url(re.compile(rf"/{lang}/welcome\.html$"))
    page.goto("/")
    expect(page).to_have_url(re.compile(rf"/{lang}/welcome\.html$"))
    page.locator(".course-chooser-link a").click()
    expect(page).to_have_url(re.compile(r"/index\.html\?choose=?$"))
    expect(page.locator(".course-choices a")).to_have_count(2)


def test_the_language_last_switched_to_is_the_one_remembered(page: Page) -> None:
    page.goto(KO + "welcome.html")
    page.locator("a.course-switch").click()
    expect(page).to_have_url(re.compile(EN + "welcome"))
    page.goto("/notebooks/index.html")
    expect(page).to_have_url(re.compile(EN + "welcome"))


def test_the_first_page_and_the_switch_work_without_javascript(bare: Page) -> None:
    bare.goto("/notebooks/index.html")
    bare.get_by_role("link", name="Read in English").click()
    expect(bare).to_have_url(re.compile(EN + "welcome"))
    bare.locator("a.course-switch").click()
    expect(bare).to_have_url(re.compile(KO + "welcome"))
    assert language(bare) == "ko"


def test_the_front_forwards_without_javascript(bare: Page) -> None:
    bare.goto("/")
    expect(bare).to_have_url(re.compile(r"/notebooks/index\.html$"))


# Moving about


def test_the_switch_keeps_the_page_and_the_place(page: Page) -> None:
    page.goto(KO + "ch02_gap.html")
    sections = page.locator("article section section[id]")
    place = min(2, sections.count() - 1)
    sections.nth(place).evaluate("section => section.scrollIntoView({behavior: 'instant'})")
    wanted = page.locator("article section[id]").count()
    page.locator("a.course-switch").evaluate("link => link.click()")  # the driver's own click scrolls first
    expect(page).to_have_url(re.compile(EN + "ch02_gap"))
    expect(page.locator("article section[id]")).to_have_count(wanted)  # waits until the page is there
    assert language(page) == "en"
    expect(page.locator("article section section[id]").nth(place)).to_be_in_viewport()


def test_the_switch_is_reached_and_used_by_keyboard(page: Page) -> None:
    page.goto(EN + "ch01_pooling.html")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('course-switch')"):
            break
    switch = page.locator("a.course-switch")
    expect(switch).to_be_focused()
    assert switch.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(KO + "ch01_pooling"))


@pytest.mark.parametrize(("folder", "other"), [(KO, EN), (EN, KO)])
def test_sidebar_and_next_stay_in_one_language(page: Page, folder: str, other: str) -> None:
    page.goto(folder + "welcome.html")
    links = page.locator("nav.bd-docs-nav li a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) >= 8 and all(folder in link for link in links)
    seen = 1
    while page.locator(".prev-next-area a.right-next").count():
        page.locator(".prev-next-area a.right-next").click()
        page.wait_for_load_state()
        assert folder in page.url
        seen += 1
    assert seen == len(links)


def test_the_brand_leads_to_the_first_page_of_the_language(page: Page) -> None:
    page.goto(KO + "glossary.html")
    brand = page.locator(".sidebar-primary-item .navbar-brand")
    assert brand.inner_text().strip() == "풀링에서 GAP까지"
    brand.click()
    expect(page).to_have_url(re.compile(KO + "welcome"))


def test_on_a_phone_the_sidebar_opens_and_speaks_the_pages_language(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(KO + "ch01_pooling.html")
    page.get_by_role("button", name="책의 차례 여닫기").click()
    expect(page.get_by_role("link", name="용어집").first).to_be_visible()


# Words


def test_theme_words_and_those_of_scripts_are_korean_on_korean_pages(page: Page) -> None:
    page.goto(KO + "ch02_gap.html")
    assert "다음" in page.locator(".prev-next-footer").inner_text()
    copy = page.locator("button.copybtn").first
    assert copy.get_attribute("data-tooltip") == "복사"
    assert page.locator(".search-button__default-text").first.inner_text() == "검색"
    assert page.locator("details.hide summary").first.inner_text().strip().startswith("코드")


def test_theme_words_are_english_on_english_pages(page: Page) -> None:
    page.goto(EN + "ch02_gap.html")
    assert "Next" in page.locator(".prev-next-footer").inner_text()
    assert page.locator("button.copybtn").first.get_attribute("data-tooltip") == "Copy"
    assert "Open in Colab" in page.locator("a.course-colab").inner_text()


def test_a_glossary_term_shows_its_definition_on_focus(page: Page) -> None:
    page.goto(EN + "ch02_gap.html")
    term = page.locator("a.course-term").first
    definition = term.get_attribute("title") or term.get_attribute("data-bs-original-title") or ""
    term.focus()
    expect(page.locator(".tooltip")).to_contain_text(definition[:20])
    term.click()
    expect(page).to_have_url(re.compile(r"/glossary\.html#term-"))


def test_formulas_are_typeset_without_the_web(page: Page) -> None:
    page.goto(KO + "ch02_gap.html")
    expect(page.locator("mjx-container").first).to_be_visible()


# Search


def results(page: Page, address: str) -> list[str]:
    page.goto(address)
    expect(page.locator("#search-results li").first).to_be_visible()
    expect(page.locator("#search-results .search-summary, #search-results p").first).not_to_be_empty()
    return page.locator("#search-results li > a").evaluate_all("links => links.map(link => link.pathname)")


@pytest.mark.parametrize("query", ["풀링", "풀링을", "GAP은", "스트라이드의", "특징 맵"])
def test_korean_words_are_found_with_and_without_particles(page: Page, query: str) -> None:
    found = results(page, f"/search-ko.html?q={query}")
    assert len(found) >= 3 and all(KO in path for path in found)
    assert "검색" in page.locator("#search-results").inner_text() or "찾았습니다" in page.content()


def test_english_words_are_found_in_any_form_and_lead_to_english_pages(page: Page) -> None:
    for query in ("pooling", "pooled", "strides", "GAP"):
        found = results(page, f"/search-en.html?q={query}")
        assert found and all(EN in path for path in found), query


def test_the_search_of_a_page_stays_in_its_language(page: Page) -> None:
    page.goto(KO + "ch01_pooling.html")
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog input").fill("풀링")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search-ko\.html\?q="))
    page.locator("#search-results li > a").first.click()
    expect(page).to_have_url(re.compile(KO))


def test_what_one_language_lacks_is_found_in_the_other(page: Page) -> None:
    assert all(EN in path for path in results(page, "/search-ko.html?q=whereas"))


def test_queries_are_taken_apart_as_the_index_is(page: Page) -> None:
    words = ["풀링을", "맵은", "깊이", "효과", "스트라이드에서는", "채널마다", "파라미터입니다", "전역"]
    page.goto("/search-ko.html?q=풀링")
    assert page.evaluate("words => words.map(word => splitQuery(word)[0])", words) == [noun(word) for word in words]
    assert page.evaluate("splitQuery('GAP은 2×2 max-pooling')") == ["GAP", "2", "2", "max", "pooling"]


# For everyone


def test_wide_tables_and_code_scroll_inside_themselves_and_are_reached_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(KO + "glossary.html")
    table = page.locator(".pst-scrollable-table-container").first
    assert table.evaluate("e => e.scrollWidth >= e.clientWidth && getComputedStyle(e).overflowX === 'auto'")


def test_figures_keep_a_white_ground_in_the_dark(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, color_scheme="dark")
    page = context.new_page()
    page.goto(KO + "ch02_gap.html")
    figure = page.locator("article .cell_output img").first
    assert figure.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    assert figure.evaluate("e => getComputedStyle(e).filter") == "none"
    context.close()


def test_a_missing_chromium_is_a_failure_that_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match="apt-get install chromium"):
        chromium_options()
