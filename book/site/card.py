"""The picture that a link to the course shows elsewhere, 1200 × 630, in each language: `python -m
book.site.card`.

Drawn by Chromium from the first page's figure and kept with the sources, since a build needs no
browser. Each picture says from what it was drawn, so that a test can tell when it must be drawn
anew.
"""

from __future__ import annotations

import io
import shutil
import sys
from hashlib import sha256
from pathlib import Path

from PIL import Image, PngImagePlugin

from book.bilingual.lesson.links import LANGUAGES
from book.site.front import phenomenon
from book.site.words import TITLES, word

HERE = Path(__file__).parent
_STYLE = """
body { padding: 48px 64px; }
h1 { margin: 0; font-size: 76px; line-height: 1.2; letter-spacing: -0.02em; }
h1 + p { margin: 8px 0 28px; color: var(--quiet); font-size: 32px; }
figure.course-phenomenon { margin: 0; padding: 24px 32px; }
.course-halves { gap: 64px; }
.course-scene { width: 120px; height: 120px; float: inline-start; margin-inline-end: 24px; }
.course-scene-title { min-height: 120px; margin: 0 0 12px; font-size: 26px; }
.course-phenomenon .course-barred { margin: 10px 0 0; font-size: 26px; }
.course-phenomenon .course-bar { height: 18px; }
figcaption { display: none; }
"""


def document(lang: str) -> str:
    """The picture as an HTML page."""
    style = (HERE / "static" / "course.css").read_text("utf-8") + _STYLE
    head = f'<head><meta charset="utf-8"><style>{style}</style></head>'
    title = f"<h1>{TITLES[lang]}</h1><p>{word(lang, 'subtitle')}</p>"
    body = f"<body>{title}{phenomenon(lang)}</body>"
    return f'<!doctype html><html lang="{lang}" data-theme="light">{head}{body}</html>'


def source(lang: str) -> str:
    """What the picture is drawn from, as a short hash; the site's other styles do not count."""
    said = f"{_STYLE}{TITLES[lang]}{word(lang, 'subtitle')}{phenomenon(lang)}"
    return sha256(said.encode()).hexdigest()[:16]


def path(lang: str) -> Path:
    """Where the picture lies."""
    return HERE / "static" / f"card-{lang}.png"


def drawn_from(file: Path) -> str:
    """The hash that `source` gave when `file` was drawn; empty where it says nothing."""
    with Image.open(file) as picture:
        return str(picture.info.get("Source", ""))


def main() -> int:
    """Draw both; returns the exit status."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        print(
            "chromium is missing, so no card can be drawn: sudo apt-get install chromium"
            " fonts-nanum",
            file=sys.stderr,
        )
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        for lang in LANGUAGES:
            page.set_content(document(lang))
            with Image.open(io.BytesIO(page.screenshot())) as shot:
                note = PngImagePlugin.PngInfo()
                note.add_text("Source", source(lang))
                shot.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(
                    path(lang), pnginfo=note, optimize=True
                )
            print(f"drew {path(lang)}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
