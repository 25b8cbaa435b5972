"""A slide show in Chromium: what sticks out of each slide, and how far its text had to shrink."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

# Everything that is drawn lies on the slide; boxes of formulas' insides and hidden notes are no
# drawing of their own.
OUTSIDE = """() => {
  const slide = Reveal.getCurrentSlide(), found = [];
  for (const e of slide.querySelectorAll("*")) {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || e.closest("aside, math *, svg *")) continue;
    const out = box.left < -1 || box.right > 1281 || box.top < -1 || box.bottom > 721;
    if (out || (e.matches("pre, table") && e.scrollWidth > e.clientWidth + 2))
      found.push(`${e.tagName} ${[box.left, box.right, box.top, box.bottom].map(Math.round)}`);
  }
  const title = (slide.querySelector("h1, h2, h3, .eyebrow") || slide).textContent;
  return { ...Reveal.getIndices(), title, found, size: Number(slide.dataset.fitted || 1) };
}"""


@contextmanager
def opened(show: Path) -> Iterator[tuple[Page, list[str]]]:
    """The slide show in a window of 1280 × 720, and the addresses outside of it that it asked
    for.
    """
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith(("file:", "data:")) else asked.append(request.url)
            ),
        )
        page.goto(show.resolve().as_uri())
        page.wait_for_function("() => window.Reveal && Reveal.isReady()")
        yield page, asked
        browser.close()


def slides(page: Page) -> Iterator[dict]:
    """Each slide with all its fragments shown, measured."""
    places = page.evaluate(
        "() => Reveal.getSlides().map((s) => Reveal.getIndices(s)).map(({ h, v }) => [h, v || 0])"
    )
    for h, v in places:
        page.evaluate("([h, v]) => { Reveal.slide(h, v, 99); }", [h, v])
        yield page.evaluate(OUTSIDE)
