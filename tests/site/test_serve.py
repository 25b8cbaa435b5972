"""The live preview: a changed sentence, a changed cell and a changed style come to the screen by
themselves.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from miniature import PLAYED, ROOT, write_miniature
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

HEAD = "---".join((ROOT / "book/pages/welcome.md").read_text("utf-8").split("---")[:2]) + "---\n\n"
WELCOME = (
    HEAD + '+++ {"lang": "ko"}\n\n# 시작하며\n\n풀링을 배웁니다.\n\n+++ {"lang": "en"}\n\n#'
    " Welcome\n\nPooling is taught.\n"
)
CHAPTER = (
    HEAD
    + '+++ {"lang": "ko"}\n\n# 풀링\n\n'
    + PLAYED["ko"]
    + '\n\n+++ {"lang": "en"}\n\n# Pooling\n\n'
    + PLAYED["en"]
    + "\n\n```{code-cell} ipython3\nprint(20 + 1)\n```\n"
)
LONG = 60_000  # ms; on a quiet machine a sentence takes about 1 s, and the bound is for busy ones


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_miniature(tmp_path_factory.mktemp("preview") / "project")
    for name, text in (("pages/welcome.md", WELCOME), ("chapters/ch01_pooling.md", CHAPTER)):
        (root / "book" / name).parent.mkdir(exist_ok=True)
        (root / "book" / name).write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def preview(project: Path) -> Iterator[str]:
    """Address of a running preview."""
    command = [sys.executable, "-m", "book.site.serve", "--root", project, "--port", "0"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("http://"), line
    yield line.split()[0]
    process.terminate()
    process.wait(10)
    process.stdout.close()


def test_a_changed_sentence_a_changed_cell_and_a_changed_style_are_shown(
    browser: Browser, preview: str, project: Path, edit: Callable[[Path, str, str], None]
) -> None:
    page = browser.new_page()
    page.goto(f"{preview}notebooks/ko/welcome.html")
    expect(page.locator("article")).to_contain_text("배웁니다")
    began = time.monotonic()
    edit(project / "book/pages/welcome.md", "풀링을 배웁니다", "풀링부터 차근차근 배웁니다")
    expect(page.locator("article")).to_contain_text("차근차근", timeout=LONG)
    print(f"a sentence took {time.monotonic() - began:.1f} s")

    page.goto(f"{preview}notebooks/en/ch01_pooling.html")
    began = time.monotonic()
    edit(project / "book/chapters/ch01_pooling.md", "print(20 + 1)", "print(20 + 2)")
    expect(page.locator(".cell_output")).to_contain_text("22", timeout=LONG)
    print(f"a cell took {time.monotonic() - began:.1f} s")

    edit(
        project / "book/site/static/course.css",
        "/* The frame. */",
        "main { outline-color: rgb(1, 2, 3); }",
    )
    expect(page.locator("main")).to_have_css("outline-color", "rgb(1, 2, 3)", timeout=LONG)
    page.close()


def test_what_is_wrong_with_a_source_leaves_the_page_as_it_was(
    browser: Browser, preview: str, project: Path, edit: Callable[[Path, str, str], None]
) -> None:
    source = project / "book/pages/welcome.md"
    page = browser.new_page()
    page.goto(f"{preview}notebooks/en/welcome.html")
    whole = source.read_text("utf-8")
    source.write_text(whole.split('+++ {"lang": "en"}')[0], "utf-8")  # the English side is gone
    time.sleep(2)
    expect(page.locator("article")).to_contain_text("Pooling is taught")
    source.write_text(whole.replace("Pooling is taught", "Pooling is explained"), "utf-8")
    expect(page.locator("article")).to_contain_text("Pooling is explained", timeout=LONG)
    page.close()
