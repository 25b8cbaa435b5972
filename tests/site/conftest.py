"""The site, built once for all tests and workers from the committed notebooks; a small project to
harm; Chromium.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import chromium_options, serve
from miniature import ROOT, build, replace, write_miniature
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Folder of the built site. The first worker builds, the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    out, done = shared / "site", shared / "site.done"
    with open(shared / "site.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(out, ignore_errors=True)
            result = build(ROOT, out)
            assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-4000:]
            done.touch()
    return out / "_build" / "html"


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """This process's name among pytest-xdist's workers; `master` where there are none."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site's address on a local server."""
    with serve(site) as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; the test fails, with the mend, where it is missing.

    One per file: Playwright leaves an event loop running in the thread, in which later files could
    execute no notebook.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**chromium_options())
        yield chromium
        chromium.close()


@pytest.fixture
def miniature(tmp_path: Path) -> Path:
    """A small project of one's own, to be harmed."""
    return write_miniature(tmp_path / "project")


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a text in a file; the text must be there."""
    return replace
