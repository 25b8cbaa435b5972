"""Photograph every page of the built site, to be looked at: `python tests/site/screenshots.py
[SITE] [OUT] [WORD]`.

Both languages, light and dark, wide and phone, into `_build/screenshots/NAME.THEME.WIDTH.png`.
Pages whose name lacks WORD are left out. Also says which page scrolls sideways or asks the web for
something.
"""

from __future__ import annotations

import sys
from pathlib import Path

from browsing import chromium_options, pages_of, serve
from playwright.sync_api import Page, sync_playwright

QUERIES = {"search-ko.html": "?q=풀링", "search-en.html": "?q=stride"}
WIDTHS = {"wide": (1280, 900), "phone": (360, 740)}


def photograph(page: Page, address: str, target: Path) -> list[str]:
    """Save one full-page picture; returns what is wrong with the page."""
    faults: list[str] = []
    page.on("requestfailed", lambda request: faults.append(f"request failed: {request.url}"))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(300)
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(target), full_page=True)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append("scrolls sideways")
    return faults


def main(site: Path, out: Path, word: str) -> int:
    """Photograph all pages of `site`; the exit status is the number of faulty pictures."""
    faulty = 0
    with serve(site) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        for width, (w, h) in WIDTHS.items():
            for theme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": w, "height": h}, color_scheme=theme
                )
                for name in pages_of(site):
                    if word not in name:
                        continue
                    page = context.new_page()
                    suffix = QUERIES.get(name, "?choose")
                    flat = name.removesuffix(".html").replace("/", "-")
                    faults = photograph(
                        page, f"{base}/{name}{suffix}", out / f"{flat}.{theme}.{width}.png"
                    )
                    page.close()
                    faulty += bool(faults)
                    for fault in faults:
                        print(f"{name} ({theme}, {width}): {fault}")
                context.close()
        browser.close()
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")
    return faulty


if __name__ == "__main__":
    given = sys.argv[1:] + [""] * 3
    sys.exit(
        bool(
            main(Path(given[0] or "_build/html"), Path(given[1] or "_build/screenshots"), given[2])
        )
    )
