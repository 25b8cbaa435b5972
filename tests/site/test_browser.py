"""What readers meet in Chromium: choosing a language, switching, moving, searching, with and
without JavaScript.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import chromium_options, pages_of, serve
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

KO, EN = "/notebooks/ko/", "/notebooks/en/"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh reader with nothing remembered; the test fails if a page's script does, or if a page
    asks the web.
    """
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: request.url.startswith((address, "data:")) or faults.append(request.url),
    )
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def bare(browser: Browser, address: str) -> Iterator[Page]:
    """A reader without JavaScript."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def kept(browser: Browser, address: str) -> Iterator[Page]:
    """A reader who has visited once and lost the connection."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto(KO + "welcome.html")
    page.wait_for_function(
        "navigator.serviceWorker.ready.then(worker => worker.active?.state === 'activated')"
    )
    context.set_offline(True)
    yield page
    context.close()


def language(page: Page) -> str | None:
    return page.locator("html").get_attribute("lang")


# The first page


def test_the_first_page_offers_both_languages_and_goes_nowhere_by_itself(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/notebooks/index\.html$"))
    assert page.locator(".course-choices a").all_inner_texts() == [
        "한국어로 읽기",
        "Read in English",
    ]
    assert page.locator(".course-choices [lang=en]").count() == 1
    expect(page.locator("nav.course-nav")).to_have_count(0)


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


def test_the_switch_keeps_the_page_and_the_place_in_it(page: Page) -> None:
    page.goto(KO + "ch02_gap.html")
    at = (
        "[...document.querySelectorAll('article section[id]')].findLastIndex(s =>"
        " s.getBoundingClientRect().top < 121)"
    )
    share = (
        "(() => { const box = document.querySelectorAll('article"
        f" section[id]')[{at}].getBoundingClientRect(); "
    )
    share += "return (121 - box.top) / box.height; })()"
    page.locator("article section section").nth(5).evaluate(
        "s => scrollTo({top: scrollY + s.getBoundingClientRect().top + s.offsetHeight / 2,"
        " behavior: 'instant'})"
    )
    section, before = page.evaluate(at), page.evaluate(share)
    # the driver's own click scrolls first
    page.locator("a.course-switch").evaluate("link => link.click()")
    expect(page).to_have_url(re.compile(EN + "ch02_gap"))
    page.wait_for_load_state()
    page.wait_for_timeout(200)
    assert language(page) == "en"
    assert page.evaluate(at) == section > 3
    assert abs(page.evaluate(share) - before) < 0.2


def test_the_switch_keeps_what_a_playground_is_set_to(page: Page) -> None:
    page.goto(KO + "ch01_pooling.html?play-size=n:16")
    page.locator("a.course-switch").click()
    expect(page).to_have_url(re.compile(EN + r"ch01_pooling\.html\?play-size=n:16"))


def test_the_switch_keeps_the_term_in_the_glossary(page: Page) -> None:
    page.goto(KO + "glossary.html#term-residual-block")
    page.locator("#term-residual-block").evaluate("e => e.scrollIntoView({behavior: 'instant'})")
    page.locator("a.course-switch").evaluate("link => link.click()")
    expect(page).to_have_url(re.compile(EN + r"glossary\.html#term-"))
    expect(page.locator("#term-residual-block")).to_be_in_viewport()


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
    links = page.locator("nav.course-nav li a").evaluate_all(
        "links => links.map(link => link.href)"
    )
    assert len(links) >= 8 and all(folder in link for link in links)
    seen = 1
    while page.locator("a.course-next").count():
        page.locator("a.course-next").click()
        page.wait_for_load_state()
        assert folder in page.url
        seen += 1
    assert seen == len(links)


def test_the_brand_leads_to_the_first_page_of_the_language(page: Page) -> None:
    page.goto(KO + "glossary.html")
    brand = page.locator("a.course-brand")
    assert brand.inner_text().strip() == "풀링에서 GAP까지"
    brand.click()
    expect(page).to_have_url(re.compile(KO + "welcome"))


def test_on_a_phone_the_contents_open_close_and_give_the_focus_back(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(KO + "ch01_pooling.html")
    menu = page.get_by_role("button", name="차례 열기")
    assert menu.get_attribute("aria-expanded") == "false"
    menu.click()
    expect(page.get_by_role("link", name="용어집", exact=True)).to_be_visible()
    assert menu.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    expect(page.locator("nav.course-nav")).to_be_hidden()
    expect(menu).to_be_focused()


def test_on_a_phone_nothing_is_in_focus_behind_the_contents(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(KO + "ch01_pooling.html")
    page.get_by_role("button", name="차례 열기").click()
    page.locator("nav.course-nav a").last.focus()
    expect(page.locator("nav.course-nav")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("nav.course-nav")).to_be_hidden()


@pytest.mark.parametrize("folder", [KO, EN])
def test_on_a_phone_the_brand_is_whole(page: Page, folder: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(folder + "ch01_pooling.html")
    brand = page.locator("a.course-brand")
    assert brand.evaluate("brand => brand.scrollWidth <= brand.clientWidth")
    assert brand.inner_text() == "GAP" != brand.get_attribute("title")


def test_on_a_phone_the_contents_are_reached_without_javascript(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        base_url=address, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(KO + "ch01_pooling.html")
    page.locator("a.course-menu").click()
    expect(page.locator("nav.course-nav a[aria-current]")).to_be_in_viewport()
    context.close()


# Words


def test_on_a_phone_a_page_begins_with_its_title_and_unfolds_its_sections(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        base_url=address, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"{KO}ch02_gap.html")
    section = page.locator(".course-toc li a").first
    expect(page.locator("h1")).to_be_in_viewport()
    expect(section).to_be_hidden()
    page.locator(".course-toc").get_by_role("link", name="이 페이지의 차례").click()
    section.click()
    expect(section).to_be_hidden()
    expect(page.locator("h2").first).to_be_in_viewport()
    context.close()


def test_the_words_around_the_text_are_the_pages(page: Page) -> None:
    for folder, following, fold in (
        (KO, "다음", "도우미 코드 보기"),
        (EN, "Next", "Show the helper code"),
    ):
        page.goto(folder + "ch02_gap.html")
        assert following in page.locator(".course-next").inner_text()
        assert page.locator("details.course-fold summary").first.inner_text().startswith(fold)


def test_a_glossary_term_shows_its_definition_on_focus_until_escape(page: Page) -> None:
    page.goto(EN + "ch02_gap.html")
    term = page.locator("a.course-term").first
    term.focus()
    card = page.locator(".course-card")
    expect(card).to_have_text(term.get_attribute("data-definition") or "?")
    assert term.get_attribute("aria-describedby") == "course-card"
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    term.click()
    expect(page).to_have_url(re.compile(r"/glossary\.html#term-"))


def test_a_glossary_term_shows_its_definition_at_the_first_tap(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        base_url=address, has_touch=True, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    page.goto(KO + "ch02_gap.html")
    term = page.locator("a.course-term").first
    term.tap()
    expect(page.locator(".course-card")).to_be_visible()
    assert "ch02_gap" in page.url
    page.locator("h1").tap()
    expect(page.locator(".course-card")).to_be_hidden()
    term.tap()  # not at the second tap either, if the card had been closed
    expect(page.locator(".course-card")).to_be_visible()
    assert "ch02_gap" in page.url
    page.locator(".course-card a").tap()
    expect(page).to_have_url(re.compile(r"/glossary\.html#term-"))
    context.close()


# Folds, copying, printing, themes


def test_a_fold_holds_no_elements_until_it_is_opened(page: Page) -> None:
    page.goto(KO + "ch06_transfer_learning.html")
    fold = page.locator("details.course-fold").first
    assert fold.locator("pre").count() == 0
    fold.locator("summary").click()
    expect(fold.locator("pre").first).to_be_visible()
    assert fold.locator(".course-copy").count() >= 1


def test_a_folds_code_is_there_without_javascript(bare: Page) -> None:
    bare.goto(KO + "ch06_transfer_learning.html")
    assert any(
        "import torch" in code
        for code in bare.locator("details.course-fold pre").all_text_contents()
    )


def test_a_cells_code_is_copied_without_its_output(browser: Browser, address: str) -> None:
    context = browser.new_context(
        base_url=address, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(KO + "ch01_pooling.html")
    cell = page.locator(".cell_input").first
    cell.locator(".course-copy").click()
    expect(page.locator(".course-said")).to_have_text("복사했습니다")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == (cell.locator("pre").text_content() or "").rstrip() + "\n"
    context.close()


@pytest.mark.parametrize(("folder", "mark"), [(KO, "심화 · 약"), (EN, "Going deeper · About")])
def test_a_section_that_may_be_skipped_is_folded_until_a_link_leads_there(
    page: Page, folder: str, mark: str
) -> None:
    page.goto(folder + "ch02_gap.html")
    folds = page.locator("details.course-deeper")
    assert folds.count() == 3 and folds.locator(".course-play").count() == 0
    for fold in folds.all():
        assert fold.locator("summary").first.inner_text().startswith(mark)
        expect(fold.locator("xpath=./p").first).to_be_hidden()
        section = fold.locator("xpath=..")
        expect(section.locator("h2")).to_be_visible()
        page.evaluate("id => { location.hash = id; }", section.get_attribute("id"))
        expect(fold.locator("xpath=./p").first).to_be_visible()


def test_printing_opens_every_fold_and_closes_it_again(page: Page) -> None:
    page.goto(EN + "ch01_pooling.html")
    closed = "document.querySelectorAll('article details:not([open])').length"
    before = page.evaluate(closed)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert before > 0 and page.evaluate(closed) == 0
    assert (
        page.evaluate("document.querySelectorAll('article details.course-fold > noscript').length")
        == 0
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(closed) == before


def test_paper_is_white_whatever_the_reader_chose(page: Page) -> None:
    page.goto(EN + "ch01_pooling.html")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) != "rgb(255, 255, 255)"
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_playgrounds_are_printed_as_they_stand(page: Page) -> None:
    page.goto(KO + "ch02_gap.html")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    plays = page.locator(".course-play")
    for play in plays.all():
        expect(play).to_be_visible()
        assert play.locator("img, .course-play-body").count() == 1
    assert plays.count() >= 3
    expect(page.locator(".course-play button:visible, .course-play input:visible")).to_have_count(0)


def test_the_theme_is_the_devices_until_the_reader_chooses(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, color_scheme="dark")
    page = context.new_page()
    page.goto(KO + "welcome.html")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.locator(".course-theme").click()
    light = page.evaluate(ground)
    assert light == "rgb(255, 255, 255)" != dark
    page.goto(EN + "welcome.html")
    assert page.evaluate(ground) == light
    context.close()


def test_blocked_storage_breaks_nothing(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('blocked',"
        " 'SecurityError'); }})"
    )
    page.goto(KO + "welcome.html")
    page.locator(".course-theme").click()
    page.keyboard.press("Control+k")
    page.keyboard.type("풀링")
    expect(page.locator(".course-results a").first).to_be_visible()


def test_no_page_needs_what_a_strict_policy_forbids(page: Page, site: Path) -> None:
    for name in pages_of(site):
        broken: list[str] = []
        page.on("console", lambda message, broken=broken: broken.append(message.text))
        page.goto(f"/{name}?choose", wait_until="load")
        assert not [text for text in broken if "Content Security Policy" in text], name
        if name != "404.html":
            policy = (
                page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
                or ""
            )
            assert "default-src 'self'" in policy and "unsafe" not in policy


def test_the_site_is_read_without_a_connection_after_one_visit(kept: Page) -> None:
    kept.goto(EN + "ch05_cam.html")
    kept.evaluate(
        "document.querySelectorAll('article details').forEach(fold => { fold.open = true; })"
    )
    # Lazy: where it is far below, its `decode()` may wait for ever.
    picture = kept.locator("article img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True, timeout=30_000)
    assert picture.evaluate("image => image.naturalWidth") > 0
    kept.keyboard.press("Control+k")
    kept.keyboard.type("grad-cam")
    expect(kept.locator(".course-results a").first).to_be_visible()


def test_without_a_connection_folders_open_and_unknown_pages_say_so(kept: Page) -> None:
    kept.goto("/notebooks/?choose")
    expect(kept.locator(".course-choices a")).to_have_count(2)
    answer = kept.goto("/notebooks/ko/no-such-page.html")
    assert answer is not None and answer.status == 404
    expect(kept.get_by_role("heading", name="404")).to_be_visible()


def test_a_new_page_gets_its_own_styles_not_the_kept_ones(
    browser: Browser, site: Path, tmp_path: Path
) -> None:
    """While the old worker still answers, a new build's page asks for its own files."""
    published = tmp_path / "site"
    shutil.copytree(site, published, ignore=shutil.ignore_patterns("_images", "_sources"))
    with serve(published) as address:
        context = browser.new_context(base_url=address)
        page = context.new_page()
        page.goto(KO + "welcome.html")
        page.evaluate(
            """() => navigator.serviceWorker.controller ?? new Promise(done =>
              navigator.serviceWorker.addEventListener("controllerchange", () => done(null)))"""
        )
        asked = str(page.locator("link[rel=stylesheet]").first.get_attribute("href"))
        (published / "_static" / "course.css").write_text("/* of the new build */", "utf-8")
        text = "address => fetch(address).then(answer => answer.text())"
        assert "of the new build" not in page.evaluate(text, asked)
        newer = f"{asked.split('?')[0]}?v=ffffffff"
        assert page.evaluate(text, newer) == "/* of the new build */"
        context.set_offline(True)
        assert ".course-header" in page.evaluate(text, newer)  # better than none
        context.close()


def test_the_site_opens_from_a_disk(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / "notebooks" / "ko" / "ch02_gap.html").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("수용 영역")
    page.locator(".course-results a").first.click()
    expect(page).to_have_url(re.compile(r"^file://.*ch03|glossary"))
    page.close()


def test_formulas_need_no_script(bare: Page) -> None:
    bare.goto(KO + "ch02_gap.html")
    bare.locator(".course-outcome summary").first.click()
    formula = bare.locator("article math").first
    expect(formula).to_be_visible()
    assert formula.locator("annotation").count() == 1


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_no_line_begins_with_what_follows_a_formula(bare: Page, lang: str) -> None:
    bare.goto(f"/notebooks/{lang}/ch01_pooling.html")
    loose = bare.evaluate(
        """() => [...document.querySelectorAll("article p > math, article li > math")]
          .filter(({ nextSibling: next }) => next?.nodeType === 3 && /^\\S/.test(next.data))
          .map((formula) => formula.textContent)"""
    )
    assert loose == []
    assert bare.locator("article .course-tied > math").count() > 5


# For everyone


def test_wide_tables_and_code_scroll_inside_themselves_and_are_reached_by_keyboard(
    page: Page,
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(KO + "glossary.html")
    table = page.locator(".course-scroll").first
    assert table.evaluate(
        "e => e.scrollWidth >= e.clientWidth && getComputedStyle(e).overflowX === 'auto'"
    )


def test_figures_keep_a_white_ground_in_the_dark(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, color_scheme="dark")
    page = context.new_page()
    page.goto(KO + "ch02_gap.html")
    figure = page.locator("article .cell_output img").first
    assert figure.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


def test_a_missing_chromium_is_a_failure_that_says_how_to_mend_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match="apt-get install chromium"):
        chromium_options()
