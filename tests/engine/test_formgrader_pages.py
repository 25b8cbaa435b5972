"""`make formgrader`: nbgrader's own pages, in a browser, over a class that the engine graded."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from autograder import answers, exercise, grade, submitted
from autograder.exercise import ROOT

from .classroom import NAME

sys.path.append(str(ROOT / "tests" / "site"))
from browsing import chromium_options

pytestmark = pytest.mark.browser
_TOKEN = "of-this-test"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A course tree with three hand-ins, graded: one right, one not, and one in English whose
    written answer wants pictures: one at an address that ends the session of whoever asks for it,
    one from elsewhere.
    """
    folder = tmp_path_factory.mktemp("formgraded")
    chosen = [
        answer
        for answer in answers.load_answers(NAME)
        if answer.student and answer.language == "ko"
    ]
    wrong = next(answer for answer in chosen if 0 < answer.points < 90)
    right = next(answer for answer in chosen if answer.points == 90)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DIR", str(folder))
        for name in ("COURSE_DB", "COURSE_LANG", "AUTOGRADER_STOCK"):
            patch.delenv(name, raising=False)
        grade.release(NAME)
        for answer in (right, wrong):
            released = nbformat.read(ROOT / "notebooks" / "ko" / f"{NAME}.ipynb", 4)
            notebook = answers.notebook(answer, released)
            submitted.submit(NAME, str(answer.student), nbformat.writes(notebook).encode())
        english = nbformat.read(ROOT / "notebooks" / "en" / f"{NAME}.ipynb", 4)
        wanted = "![x](/logout) ![y](http://127.0.0.1:9/p.png) ![z][r]\n\n[r]: /logout"
        english.cells[-1].source = f"It forgets the place. {wanted}"
        submitted.submit(NAME, "beacon", nbformat.writes(english).encode())
        assert grade.autograde(NAME, first=lambda: True) == []
        yield folder


@pytest.fixture(scope="module")
def address(course: Path) -> Iterator[str]:
    """Of the server that `make formgrader` starts, on a free port and without opening a browser of
    its own.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = f"--no-browser --allow-root --ServerApp.port={port} --IdentityProvider.token={_TOKEN}"
    command = ["make", "-o", ".venv/.run", "formgrader", f"FLAGS={flags}"]
    log = course / "jupyter.log"
    with open(log, "w") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _await(f"http://127.0.0.1:{port}/api?token={_TOKEN}", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _await(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"make formgrader did not serve:\n{log.read_text()[-3000:]}")


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**chromium_options())
        opened = chromium.new_page()
        opened.set_default_timeout(60_000)
        opened.goto(f"{address}/formgrader?token={_TOKEN}")
        yield opened
        chromium.close()


def test_formgrader_lists_the_graded_assignment_and_opens_a_submission(
    page: Page, address: str
) -> None:
    row = page.locator("tr", has_text=NAME).first
    expect(row.locator("td.num-submissions")).to_have_text("3", timeout=60_000)
    page.goto(f"{address}/formgrader/gradebook/{NAME}/{NAME}")
    expect(page.locator("tbody tr", has_text="Submission")).to_have_count(3, timeout=60_000)
    page.locator("tbody tr a", has_text="Submission #1").first.click()
    page.wait_for_url(re.compile("/formgrader/submissions/"))
    expect(page.get_by_text("gap_mean").first).to_be_visible(timeout=60_000)
    scores = page.locator("input.score")
    expect(scores.first).to_be_visible(timeout=60_000)
    of = exercise.load(NAME)
    assert scores.count() == len(of.tests) + len(of.manual)


def test_each_written_answer_stands_above_its_model_answer_and_rubric_and_fetches_nothing(
    page: Page, address: str, tmp_path: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    heads = []
    for number in (1, 2, 3):
        page.goto(f"{address}/formgrader/gradebook/{NAME}/{NAME}")
        page.locator("tbody tr a", has_text=f"Submission #{number}").first.click()
        page.wait_for_url(re.compile("/formgrader/submissions/"))
        head = page.locator("blockquote strong").first
        expect(head).to_be_visible(timeout=60_000)
        heads.append(head.inner_text())
        assert page.locator("blockquote li").count() >= 6  # the answer's points and the rubric's
        page.screenshot(path=tmp_path / f"{number}.png", full_page=True)
    assert sorted(heads) == [
        "Model answer and rubric (students do not see this)",
        "모범 답안과 채점 기준 (학생에게는 보이지 않습니다)",
        "모범 답안과 채점 기준 (학생에게는 보이지 않습니다)",
    ]
    assert not [url for url in asked if "logout" in url or "127.0.0.1:9/" in url]
    assert page.goto(f"{address}/formgrader/gradebook").status == 200  # still logged in
