"""What the browser tests and the photographer share: Chromium, a local server, the list of
pages.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


def chromium_options() -> dict[str, Any]:
    """Launch options for the system's Chromium, quiet and offline. Fails, rather than skips, where
    there is none.
    """
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError(
            "chromium is missing, so what readers see cannot be checked: sudo apt-get install"
            " chromium fonts-nanum"
        )
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    # containers have little of it, and a renderer without it hangs
    small_shm = "--disable-dev-shm-usage"
    return {"executable_path": path, "args": ["--no-sandbox", "--disable-gpu", small_shm, *quiet]}


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not news."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve `folder` on a free port; yields its address, as the site is on the web (files behave
    differently).
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def pages_of(site: Path) -> list[str]:
    """Every page that a reader can reach, relative to `site`; without the forwarding
    `index.html`, and what is there for a moment while a book is printed.
    """
    pages = [
        path.relative_to(site).as_posix()
        for path in site.glob("notebooks/**/*.html")
        if not path.name.endswith(".tmp.html")
    ]
    return [*sorted(pages), "404.html", "search-en.html", "search-ko.html"]
