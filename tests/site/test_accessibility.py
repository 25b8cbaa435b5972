"""Every page for every reader: axe's rules in light and dark, wide and narrow, with everything opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import pages_of
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
OPEN_ALL = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"
# Newer versions of axe run these by default.
RULES = {"label-content-name-mismatch": {"enabled": True}, "target-size": {"enabled": True}}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults_of(page: Page) -> list[str]:
    """What axe finds, and where; nothing is left out."""
    options = {"resultTypes": ["violations"], "rules": RULES, "runOnly": {"type": "tag", "values": WCAG}}
    violations = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in violations]


@pytest.mark.parametrize(("theme", "size"), [("light", DESK), ("dark", PHONE)])
def test_no_page_has_an_accessibility_fault(
    browser: Browser, address: str, site: Path, theme: str, size: dict[str, int]
) -> None:
    context = browser.new_context(base_url=address, color_scheme=theme, viewport=size)
    found = {}
    # Both editions have one structure and the same colours: one is read at a desk by day, one on a phone by night.
    other = "notebooks/en/" if theme == "light" else "notebooks/ko/"
    for name in (name for name in pages_of(site) if not name.startswith(other)):
        page = context.new_page()
        page.goto(f"/{name}?choose&q=GAP", wait_until="load")
        page.evaluate(OPEN_ALL)
        page.wait_for_timeout(600)
        if faults := faults_of(page):
            found[name] = faults
        page.close()
    context.close()
    assert found == {}


def test_the_search_the_contents_and_a_definition_have_no_fault_when_open(browser: Browser, address: str) -> None:
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


def test_the_accessibility_check_sees_a_fault(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    body = '<main><h1>x</h1><p style="color:#999">pale</p><img src="x"></main>'
    page.set_content(f'<html lang="en"><title>x</title>{body}')
    assert {fault.split(":")[0] for fault in faults_of(page)} == {"color-contrast", "image-alt"}
    context.close()


def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, address: str, site: Path) -> None:
    context = browser.new_context(base_url=address, viewport=PHONE)
    page = context.new_page()
    wide = []
    for name in pages_of(site):
        page.goto(f"/{name}?choose&q=GAP", wait_until="load")
        page.evaluate(OPEN_ALL)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    context.close()
    assert wide == []
