"""Photograph each playground for readers without scripts: `python tests/site/play_pictures.py [SITE]`.

Writes `book/site/static/plays/NAME-LANG.webp` from the built site, and the digest of the scripts that drew them, by
which a test knows when they are old.
"""

from __future__ import annotations

import io
import sys
from hashlib import sha256
from pathlib import Path

from browsing import chromium_options, serve
from PIL import Image
from playwright.sync_api import sync_playwright

from book.site.plays import PICTURES, PLACES

STATIC = PICTURES.parent
PLAYED = {"transfer": "task:photos~images:20~bet:cached", "glass": "x:24~y:16"}  # more telling than the start


def digest() -> str:
    """Of the scripts that draw the playgrounds."""
    return sha256(b"".join((STATIC / name).read_bytes() for name in ("plays.js", "glass.js"))).hexdigest()


def main(site: Path) -> None:
    """Photograph them all."""
    PICTURES.mkdir(exist_ok=True)
    with serve(site) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        for lang in ("ko", "en"):
            context = browser.new_context(viewport={"width": 720, "height": 900}, color_scheme="light")
            for name, places in PLACES.items():
                page = context.new_page()
                query = "&".join(f"play-{play}={PLAYED[play]}" for play in places if play in PLAYED)
                page.goto(f"{base}/notebooks/{lang}/{name}.html?{query}", wait_until="load")
                page.evaluate("document.querySelector('.course-header').style.display = 'none'")  # it stays on top
                for play in places:
                    box = page.locator(f".course-play[data-play={play}]")
                    box.scroll_into_view_if_needed()
                    box.locator("input, button").first.wait_for()
                    picture = Image.open(io.BytesIO(box.screenshot())).convert("RGB")
                    picture.save(PICTURES / f"{play}-{lang}.webp", quality=70, method=6)
                page.close()
            context.close()
        browser.close()
    (PICTURES / "made-by").write_text(digest() + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "_build/html"))
