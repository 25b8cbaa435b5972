"""Playgrounds in notebooks: whole in their output, alone with the browser, and not twice on the
site.
"""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest
from miniature import ROOT
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Frame, Page, TimeoutError

from book.bilingual.build.render import committed_outcome
from book.site import embedded, plays

PLAYED = [
    (page, play)
    for page, places in plays.PLACES.items()
    for play in places
    if play not in embedded.LINKED
]


def cells_of(lang: str, page: str) -> list[dict[str, Any]]:
    path = ROOT / "notebooks" / lang / f"{page}.ipynb"
    return json.loads(path.read_text("utf-8"))["cells"]  # type: ignore[no-any-return]


def opened(
    page: Page,
    output: str,
    sandbox: str = "",
    style: str = "",
    patiences: tuple[int, ...] = (10_000, 20_000, 30_000),
) -> Frame:
    """A cell's output as notebooks show it: in the page, or (Colab) in a sandboxed frame of its
    own.

    A sandboxed frame has a process of its own, and on a busy machine Playwright waited in vain for
    what such a frame held, once in thousands of times: it is opened again then. A playground that
    does not work never appears.
    """
    if sandbox:
        output = f'<iframe sandbox="{sandbox}" srcdoc="{html.escape(output)}"></iframe>'
    for patience in patiences:
        page.set_default_timeout(patience)
        inner: Frame | None = page.main_frame
        try:
            page.set_content(f"<!doctype html><body style='{style}'>{output}")
            for _ in range(2 if sandbox else 1):
                assert inner is not None
                inner = inner.wait_for_selector("iframe").content_frame()
            assert inner is not None
            inner.wait_for_selector(".course-play-body")
        except TimeoutError:
            continue
        page.set_default_timeout(30_000)
        return inner
    raise AssertionError(f"no playground appears in {[frame.url for frame in page.frames]}")


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_each_playground_works_in_a_sandbox_without_the_network(
    browser: Browser, lang: str
) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url))
    for _, play in PLAYED:
        inner = opened(page, embedded.frame(play, lang), "allow-scripts")
        body = inner.locator(".course-play-body")
        before = body.inner_html()
        ranges = inner.locator("input[type=range]")
        control = (ranges if ranges.count() else inner.locator("input, button, [tabindex]")).first
        control.focus()
        page.keyboard.press(
            "ArrowRight" if control.evaluate("e => e.matches('input')") else "Enter"
        )
        assert body.inner_html() != before, play
        inner.get_by_role("button", name="처음으로" if lang == "ko" else "Reset").click()
    page.close()
    assert faults == []


@pytest.mark.browser
def test_in_the_notebook_s_page_it_is_as_high_and_as_dark_as_it_needs(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 800, "height": 900}, color_scheme="light")
    for color, theme in (("#111", "light"), ("#eee", "dark")):
        inner = opened(page, embedded.frame("pool", "ko"), style=f"color: {color}")
        assert inner.evaluate("document.documentElement.dataset.theme") == theme
        frame = page.locator("iframe")
        wanted = inner.evaluate("document.body.offsetHeight")
        page.wait_for_function(
            "wanted => document.querySelector('iframe').offsetHeight === wanted", arg=wanted
        )
        assert frame.evaluate("frame => frame.contentDocument.body.scrollWidth") <= 800
    page.close()


@pytest.mark.browser
def test_a_playground_that_does_not_work_is_not_taken_for_a_slow_one(browser: Browser) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    broken = embedded.frame("pool", "ko").replace("start(document", "missing(document")
    with pytest.raises(AssertionError, match="no playground appears"):
        opened(page, broken, "allow-scripts", patiences=(2_000, 4_000))
    assert faults and all("missing is not defined" in fault for fault in faults)
    page.close()


def test_the_frame_holds_its_own_playground_and_little_else() -> None:
    for _, play in PLAYED:
        held = embedded.document(play, "en")
        assert f"plays.{play} =" in held
        assert not any(f"plays.{other} =" in held for _, other in PLAYED if other != play)
        assert "course-glass" not in held
        assert len(embedded.frame(play, "en").encode()) < 18_000, play


def test_what_a_statement_uses_comes_along_and_nothing_else() -> None:
    statements = (
        ("a", "const a = b;"),
        ("b", "const b = math.c();"),
        ("math", "const math = {"),
        ("math.c", "c: () => 1,"),
        ("math.d", "d: () => a,"),
        ("math end", "};"),
        ("e", "const e = 2;"),
    )
    kept = embedded.needed(statements, {"a"})
    assert kept == [text for name, text in statements if name not in ("e", "math.d")]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_notebooks_have_them_where_their_sections_end(lang: str) -> None:
    for page, places in plays.PLACES.items():
        cells = cells_of(lang, page)
        ids = [cell["id"] for cell in cells]
        for play, titles in places.items():
            at = ids.index(f"play-{play}-about")
            headings = [
                line.lstrip("# ")
                for cell in cells[:at]
                if cell["cell_type"] == "markdown"
                for line in "".join(cell["source"]).split("\n")
                if line.startswith("#")
            ]
            assert headings[-1] == titles[lang == "en"]
            assert cells[at]["metadata"]["tags"] == ["remove-cell"]
            assert f"/{lang}/{page}.html#play-{play})" in "".join(cells[at]["source"])
            assert (f"play-{play}" in ids) is (play not in embedded.LINKED)


def test_running_the_cell_gives_the_output_that_is_committed() -> None:
    for page, play in PLAYED:
        cell = next(c for c in cells_of("ko", page) if c["id"] == f"play-{play}")
        names: dict[str, Any] = {}
        exec("".join(cell["source"]).replace('HTML(r"""', 'made = HTML(r"""'), names)
        assert names["made"].data == "".join(cell["outputs"][0]["data"]["text/html"])


def test_they_are_no_part_of_what_the_lesson_s_kernel_left() -> None:
    notebook = embedded.Placer(ROOT, "ch01_pooling", "en")
    assert notebook.before("## Output size\n\nText.") == []
    placed = notebook.before("## Next")
    assert [cell.id for cell in placed] == ["play-size-about", "play-size"]
    assert all(map(embedded.is_embedded, placed)) and notebook.rest() == []
    whole = new_notebook(cells=[new_code_cell("1", id="one"), *placed])
    assert len(committed_outcome(whole, None).outputs) == 1


def test_the_site_shows_each_playground_once(site: Path) -> None:
    for page, places in plays.PLACES.items():
        text = (site / "notebooks" / "ko" / f"{page}.html").read_text("utf-8")
        assert "<iframe" not in text and "srcdoc" not in text
        assert all(text.count(f'data-play="{play}"') == 1 for play in places)
