"""Every page for every reader: axe's rules in light and dark, and the width of a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import pages_of
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
# Highlighted code is thousands of spans in a dozen colours: blocks that show no new kind of token are skipped.
SKIP_REPEATED_CODE = """() => {
  const seen = new Set();
  for (const block of document.querySelectorAll(".highlight pre")) {
    const kinds = [...block.querySelectorAll("span[class]")].map(token => token.className);
    if (seen.size && kinds.every(kind => seen.has(kind))) block.dataset.axeSkip = "";
    kinds.forEach(kind => seen.add(kind));
  }
}"""


def faults_of(page: Page) -> list[str]:
    """What axe calls serious or critical, and where."""
    page.evaluate(SKIP_REPEATED_CODE)
    context = {"exclude": [["[data-axe-skip]"]]}
    violations = Axe().run(page, context=context, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [v for v in violations if v["impact"] in ("serious", "critical")]
    return [f"{v['id']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in serious]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_serious_accessibility_fault(browser: Browser, address: str, site: Path, theme: str) -> None:
    context = browser.new_context(base_url=address, color_scheme=theme, viewport={"width": 1280, "height": 900})
    found = {}
    # Both editions have one structure and the same colours: one is read by day, the other by night.
    other = "notebooks/en/" if theme == "light" else "notebooks/ko/"
    for name in (name for name in pages_of(site) if not name.startswith(other)):
        page = context.new_page()
        page.goto(f"/{name}?choose&q=GAP", wait_until="load")
        page.wait_for_function("!window.MathJax?.startup?.promise || MathJax.startup.promise.then(() => true)")
        if faults := faults_of(page):
            found[name] = faults
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


def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, address: str, site: Path) -> None:
    context = browser.new_context(base_url=address, viewport=PHONE)
    page = context.new_page()
    wide = []
    for name in pages_of(site):
        page.goto(f"/{name}?choose&q=GAP", wait_until="load")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    context.close()
    assert wide == []
