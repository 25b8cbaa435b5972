"""How heavy a page is before its figures, and that nothing jumps: a scrollbar is shown, as on most
readers' screens.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import chromium_options, pages_of
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, sync_playwright

from book.site import mathfont
from book.site.extension import description
from book.site.figures import to_webp
from book.site.folds import lighten

MOST_ELEMENTS = 5000
MOST_BYTES = 250_000
MOST_SHIFT = 0.01
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.S)


def weight(site: Path, name: str) -> int:
    """Bytes, compressed, that a first visit to the page loads without its figures."""
    text = (site / name).read_bytes()
    page = BeautifulSoup(text, "html.parser")
    loaded = [t["src"] for t in page.select("script[src]")] + [
        t["href"] for t in page.select('link[rel="stylesheet"]')
    ]
    files = [(site / name).parent / str(address).split("?")[0] for address in loaded]
    files += [mathfont.FONT] if page.find("math") else []
    return sum(
        len(gzip.compress(content, 6)) for content in (text, *(file.read_bytes() for file in files))
    )


def test_no_page_is_heavy(site: Path) -> None:
    pages = [name for name in pages_of(site) if name != "404.html"]
    assert {name: weight(site, name) for name in pages if weight(site, name) > MOST_BYTES} == {}


def test_no_page_has_many_elements(site: Path) -> None:
    many = {}
    for name in pages_of(site):
        # what a browser with scripts reads as one text
        text = _NOSCRIPT.sub("", (site / name).read_text("utf-8"))
        count = len(re.findall(r"<[a-zA-Z]", text))
        if count > MOST_ELEMENTS:
            many[name] = count
    assert many == {}


@pytest.fixture(scope="module")
def with_scrollbars() -> Iterator[Browser]:
    """Chromium as people have it: the driver hides scrollbars, and with them the jump that they
    cause.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            **chromium_options(), ignore_default_args=["--hide-scrollbars"]
        )
        yield browser
        browser.close()


WATCH = """() => { window.shift = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true}); }"""


@pytest.mark.browser
def test_nothing_jumps(with_scrollbars: Browser, address: str, site: Path) -> None:
    jumping = {}
    for width, height in ((1350, 940), (412, 823)):
        context = with_scrollbars.new_context(
            base_url=address, viewport={"width": width, "height": height}
        )
        context.add_init_script(f"({WATCH})()")
        for name in pages_of(site):
            page = context.new_page()
            page.goto(f"/{name}?choose", wait_until="load")
            page.wait_for_timeout(150)
            shift = page.evaluate("window.shift")
            if shift >= MOST_SHIFT:
                jumping[f"{name} at {width}"] = shift
            page.close()
        context.close()
    assert jumping == {}


@pytest.mark.browser
@pytest.mark.parametrize(("width", "phone"), [(1350, False), (412, True)])
def test_a_link_below_playgrounds_stays_where_it_led(
    with_scrollbars: Browser, address: str, width: int, phone: bool
) -> None:
    shifts = []
    # the second time without the room kept free: the jump is seen
    for style in ("none", "plays.css"):
        context = with_scrollbars.new_context(
            base_url=address,
            viewport={"width": width, "height": 823},
            is_mobile=phone,
            has_touch=phone,
        )
        context.add_init_script(f"({WATCH})()")
        page = context.new_page()
        page.route(f"**/{style}*", lambda route: route.abort())
        # painted before scripts run
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto("/notebooks/en/ch01_pooling.html#how-to-measure-it-fairly")
        page.locator(".course-play-body").first.wait_for(state="attached")
        page.wait_for_timeout(150)
        assert (
            page.url.endswith("#how-to-measure-it-fairly")
            and page.locator("#how-to-measure-it-fairly").count() == 1
        )
        shifts.append(page.evaluate("window.shift"))
        context.close()
    assert shifts[0] < MOST_SHIFT < 0.1 < shifts[1]


def test_a_figure_becomes_webp_of_the_same_pixels(tmp_path: Path) -> None:
    from PIL import Image, ImageChops

    path = tmp_path / "figure.png"
    picture = Image.linear_gradient("L").convert("RGB").resize((300, 200))
    picture.save(path)
    made = to_webp(path)
    assert made.suffix == ".webp"
    with Image.open(made) as same:
        assert ImageChops.difference(same.convert("RGB"), picture).getbbox() is None


def test_code_keeps_its_colours_and_loses_its_neutral_spans() -> None:
    html = (
        '<pre><span></span><span class="k">def</span><span class="w"> </span><span'
        ' class="n">x</span></pre>'
    )
    assert lighten(html) == '<pre><span class="k">def</span> x</pre>'


def test_the_font_of_the_formulas_has_every_sign_and_the_table_that_lets_brackets_grow(
    site: Path,
) -> None:
    font = TTFont(mathfont.FONT)
    used = set[str]()
    for page in sorted(site.rglob("notebooks/*/*.html")):
        for formula in BeautifulSoup(page.read_text("utf-8"), "html.parser").find_all("math"):
            used |= {sign for part in formula.find_all(["mi", "mn", "mo"]) for sign in part.text}
    assert len(used) > 60 and "MATH" in font
    lacking = used - set(map(chr, font.getBestCmap())) - set("\u2061\u2062\u200b\u00a0")
    assert not lacking, f"add {lacking} to book/site/mathfont.py and write the font anew"


def test_a_description_is_the_first_paragraph_cut_at_a_word() -> None:
    from docutils import nodes
    from docutils.utils import new_document

    document = new_document("test")
    document += nodes.paragraph("", "short")
    document += nodes.paragraph("", "word " * 60)
    text = description(document)
    assert text.endswith("word…") and len(text) <= 155
