"""Every page for every reader: axe's rules in light and dark, wide and narrow, with everything
opened.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import pages_of
from playwright.sync_api import Browser, Page, expect

from book.site.plays import PLACES

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
OPEN_ALL = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe-core 4.14.1 as npm gives it (MPL 2.0): the package on PyPI carries an older one, without rules
# that count today.
AXE = Path(__file__).with_name("axe.min.js").read_text("utf-8")


def faults_of(page: Page) -> list[str]:
    """What axe finds, and where; nothing is left out."""
    page.evaluate(f"window.axe === undefined && (() => {{ {AXE} }})()")
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": WCAG}}
    violations = page.evaluate(
        "options => axe.run(document, options).then(found => found.violations)", options
    )
    return [f"{v['id']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in violations]


def open_all(page: Page) -> None:
    """Open every fold, and come back when what they hold is on the screen."""
    page.evaluate(OPEN_ALL)
    expect(page.locator("details > noscript")).to_have_count(0, timeout=30_000)
    settle(page)


def settle(page: Page) -> None:
    """Come back when two frames were drawn; where none is drawn, after two seconds."""
    page.evaluate("""() => Promise.race([
      new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))),
      new Promise(done => setTimeout(done, 2000))])""")


@pytest.mark.parametrize(
    ("size", "theme", "others"),
    [
        # Each page in one language, each language in one theme and width; then whatever is left,
        # which takes minutes.
        pytest.param(DESK, "light", "en", id="desk-light-ko"),
        pytest.param(PHONE, "dark", "ko", id="phone-dark-en"),
        pytest.param(DESK, "light", "ko", id="desk-light-en", marks=pytest.mark.prove),
        pytest.param(PHONE, "dark", "en", id="phone-dark-ko", marks=pytest.mark.prove),
        pytest.param(DESK, "dark", "", id="desk-dark", marks=pytest.mark.prove),
        pytest.param(PHONE, "light", "", id="phone-light", marks=pytest.mark.prove),
    ],
)
def test_no_page_has_an_accessibility_fault(
    browser: Browser, address: str, site: Path, size: dict[str, int], theme: str, others: str
) -> None:
    context = browser.new_context(base_url=address, viewport=size, color_scheme=theme)
    found = {}
    for name in pages_of(site):
        if others and f"/{others}/" in name:
            continue
        page = context.new_page()
        page.goto(f"/{name}?choose&q=GAP", wait_until="load")
        open_all(page)
        if faults := faults_of(page):
            found[name] = faults
        page.close()
    context.close()
    assert found == {}


def test_the_search_the_contents_and_a_definition_have_no_fault_when_open(
    browser: Browser, address: str
) -> None:
    for size in (DESK, PHONE):
        context = browser.new_context(base_url=address, viewport=size)
        page = context.new_page()
        page.goto("/notebooks/ko/ch02_gap.html")
        page.locator("a.course-term").first.focus()
        if size is PHONE:
            page.locator(".course-menu").click()
        assert faults_of(page) == []
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        page.keyboard.type("풀링")
        page.wait_for_selector(".course-results a")
        assert faults_of(page) == []
        context.close()


@pytest.mark.parametrize(("lang", "theme", "size"), [("en", "light", PHONE), ("ko", "dark", DESK)])
def test_no_playground_has_a_fault_in_use(
    browser: Browser, address: str, lang: str, theme: str, size: dict[str, int]
) -> None:
    context = browser.new_context(base_url=address, color_scheme=theme, viewport=size)
    found = {}
    for name, places in PLACES.items():
        page = context.new_page()
        page.goto(
            f"/notebooks/{lang}/{name}.html?play-transfer=task:photos~images:20~bet:cached",
            wait_until="load",
        )
        for play in places:
            box = page.locator(f".course-play[data-play={play}]")
            box.scroll_into_view_if_needed()
            box.locator("input, button, .course-editable").first.focus()
        # what the header happens to cover by half is no small target
        page.evaluate("scrollTo(0, 0)")
        if faults := faults_of(page):
            found[name] = faults
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[f"{name}, sideways"] = ["scrolls"]
        page.close()
    context.close()
    assert found == {}


def test_the_accessibility_check_sees_a_fault(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    body = '<main><h1>x</h1><p style="color:#999">pale</p><img src="x"></main>'
    page.set_content(f'<html lang="en"><title>x</title>{body}')
    assert {fault.split(":")[0] for fault in faults_of(page)} == {"color-contrast", "image-alt"}
    context.close()


def test_what_is_wider_than_its_box_is_reached_by_keyboard_as_soon_as_it_is_shown(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(base_url=address, viewport=DESK)
    page = context.new_page()
    page.goto("/notebooks/en/ch04_vgg_to_resnet.html")
    open_all(page)
    unreached = """() => [...document.querySelectorAll('.course-scroll, .cell_output pre')]
      .filter(box => (box.scrollWidth > box.clientWidth) !== (box.tabIndex === 0)).length"""
    wide = "() => document.querySelectorAll('.cell_output pre[tabindex]').length"
    assert page.evaluate(unreached) == 0
    assert page.evaluate(wide) == 0  # at a desk an output wraps
    page.set_viewport_size(PHONE)
    settle(page)
    assert page.evaluate(unreached) == 0 and page.evaluate(wide) > 0
    context.close()


def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, address: str, site: Path) -> None:
    context = browser.new_context(base_url=address, viewport=PHONE)
    page = context.new_page()
    wide = []
    for name in pages_of(site):
        page.goto(f"/{name}?choose&q=GAP", wait_until="load")
        open_all(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    context.close()
    assert wide == []
