"""Photograph and measure each playground: `python tests/site/play_pictures.py [SITE]`.

Writes `book/site/static/plays/NAME-LANG.webp` and its variants for phones and dark screens from the
built site, for readers without scripts and for the books: what the playground shows and how it is
set, without what only a script can move; `plays.css`, which keeps each playground's room free until a script fills it, so that nothing below
it jumps; and the digest of the scripts that drew them, by which a test knows when they are old.
"""

from __future__ import annotations

import io
import math
import sys
from hashlib import sha256
from itertools import product
from pathlib import Path

from browsing import chromium_options, serve
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from book.site.plays import DENSITY, PICTURES, PLACES, VARIANTS

STATIC = PICTURES.parent
# more telling than the start
PLAYED = {"transfer": "task:photos~images:20~bet:cached", "glass": "x:24~y:16"}
# A still keeps the name and the value of each setting. Of the glass network it keeps what answers
# the lesson's question, so that a page of a book can hold it at a size that can be read.
STILL = """
.course-play :is(button, input, .course-buttons, label:has(input:not(:checked))) { display: none; }
.course-play .course-control { display: inline-flex; margin-inline-end: 1.5rem; }
.course-play :is(.course-slider, .course-control:has(> .course-slider)) { flex: 0 1 auto; }
.course-play .course-control label:has(:checked) { font-weight: 600; }
@media (min-width: 540px) {
  [data-play="glass"] .course-play-body {
    display: grid; grid-template-columns: 17rem 1fr; column-gap: 1.5rem;
  }
  [data-play="glass"] .course-play-body > * { grid-column: 1 / -1; }
  [data-play="glass"] .course-row:has(> .course-glass-canvas) { grid-column: 1; }
  [data-play="glass"] .course-row:has(> .course-glass-logits) { grid-column: 2; }
}
[data-play="glass"] .course-play-body > p:first-child,
[data-play="glass"] .course-play-body > fieldset:is(:nth-of-type(2), :last-of-type),
[data-play="glass"] :is(.course-glass-where, .course-glass-layers),
[data-play="glass"] .course-glass-side > .course-control {
  display: none;
}
"""
COLORS = 96  # of a picture
# Windows from which on a playground gets the room that it needs in them. Below the last one they
# are phones', with larger controls; a window in between has a little room to spare.
WIDTHS = (360, 375, 390, 412, 430, 540, 720, 800)


def digest() -> str:
    """Of the scripts that draw the playgrounds."""
    return sha256(
        b"".join((STATIC / name).read_bytes() for name in ("plays.js", "glass.js"))
    ).hexdigest()


def photograph(browser: Browser, base: str) -> None:
    """The pictures of each playground, in both languages."""
    PICTURES.mkdir(exist_ok=True)
    for variant, lang in product(("", *VARIANTS), ("ko", "en")):
        context = browser.new_context(
            viewport={"width": 360 if "narrow" in variant else 720, "height": 900},
            color_scheme="dark" if "dark" in variant else "light",
            device_scale_factor=DENSITY,
            bypass_csp=True,  # for the style
        )
        for name, places in PLACES.items():
            page = context.new_page()
            query = "&".join(f"play-{play}={PLAYED[play]}" for play in places if play in PLAYED)
            page.goto(f"{base}/notebooks/{lang}/{name}.html?{query}", wait_until="load")
            # it stays on top
            page.evaluate("document.querySelector('.course-header').style.display = 'none'")
            for play in places:
                box = page.locator(f".course-play[data-play={play}]")
                box.scroll_into_view_if_needed()
                box.locator("input, button").first.wait_for()
                box.evaluate("box => { box.style.minHeight = 0; }")
                picture = Image.open(io.BytesIO(box.screenshot(style=STILL))).convert("RGB")
                # of flat colors these are smaller than with losses, and sharp
                few = picture.quantize(COLORS, dither=Image.Dither.NONE).convert("RGB")
                path = PICTURES / f"{play}-{lang}{variant}.webp"
                few.save(path, lossless=True, quality=100, method=6)
            page.close()
        context.close()


def measure(browser: Browser, base: str) -> dict[int, dict[str, float]]:
    """Width of the window → selector → height in rem of the playground as it starts."""
    heights: dict[int, dict[str, float]] = {}
    for width in WIDTHS:
        phone = width < WIDTHS[-1]
        context = browser.new_context(
            viewport={"width": width, "height": 900}, is_mobile=phone, has_touch=phone
        )
        for lang in ("ko", "en"):
            for name, places in PLACES.items():
                page = context.new_page()
                page.goto(f"{base}/notebooks/{lang}/{name}.html", wait_until="load")
                for play in places:
                    box = page.locator(f".course-play[data-play={play}]")
                    box.scroll_into_view_if_needed()
                    box.locator("input, button").first.wait_for()
                    box.evaluate("box => { box.style.minHeight = 0; }")
                    height = (
                        math.ceil(box.evaluate("box => box.getBoundingClientRect().height")) / 16
                    )
                    heights.setdefault(width, {})[
                        f'.js .course-play[data-play="{play}"]:lang({lang})'
                    ] = height
                page.close()
        context.close()
    return heights


def room(heights: dict[int, dict[str, float]]) -> str:
    """`plays.css`: each rule only where the height differs from that in narrower windows."""
    lines, before = [], dict[str, float]()
    for width, each in heights.items():
        rules = [
            f"{what} {{ min-height: {high:g}rem; }}"
            for what, high in each.items()
            if before.get(what) != high
        ]
        before = each
        lines += rules if width == WIDTHS[0] else [f"@media (min-width: {width}px) {{", *rules, "}"]
    return "\n".join(
        ["/* The room that each playground needs, by tests/site/play_pictures.py. */", *lines, ""]
    )


def main(site: Path) -> None:
    """Photograph and measure them all."""
    with serve(site) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        photograph(browser, base)
        (STATIC / "plays.css").write_text(room(measure(browser, base)), "utf-8")
        browser.close()
    (PICTURES / "made-by").write_text(digest() + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "_build/html"))
