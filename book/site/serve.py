"""Live preview for those who write: `make serve`, or `python -m book.site.serve [--port 8000]`.

The site is built once and then kept in memory. A source that is saved is split into its notebooks,
executed if its code has changed, and its pages alone are written anew; browsers that show one of
them load it again, where they were. The first changed cell is shown as soon as it has run, above
what the cells below it gave before. What is wrong with a source is said in the terminal, and the
page stays as it was. Changed templates, code or configuration start the preview over; nothing else
has to be.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import shutil
import sys
import threading
import time
from collections.abc import Iterable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from jupyter_book.config import get_final_config
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils
from watchfiles import watch

from book.bilingual.build.build import build as build_notebooks
from book.bilingual.build.build import write_files
from book.bilingual.build.execute import Outcome
from book.bilingual.build.render import so_far
from book.bilingual.errors import BilingualError
from book.bilingual.lesson.plan import Plan

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = "notebooks"  # what another command has executed is shown, too
SOURCES = ("book/chapters", "book/exercises", "book/pages")
STATIC = "book/site/static"
# A change of these reaches every page, or the code that runs here.
START_OVER = ("book/site", "book/bilingual", "book/glossary.yml", "_config.yml", "_toc.yml")
# The page's own address asks for no cache; the service worker, which would keep old files, is not
# given out.
_SCRIPT = """"use strict";
new EventSource("/-/changes").onmessage = (event) => {
  const pages = JSON.parse(event.data);
  const here = decodeURI(location.pathname);
  if (pages === "all" || pages.some((page) => here.endsWith(`/${page}`))) location.reload();
};
"""


class Preview:
    """The site in memory and the browsers that look at it."""

    def __init__(self, root: Path, out: Path) -> None:
        self.root, self.site = root, out / "html"
        self.written: set[str] = set()
        self.listeners: list[queue.SimpleQueue[str]] = []
        settings, _ = get_final_config(
            user_yaml=root / "_config.yml",
            cli_config={
                "external_toc_path": (root / "_toc.yml").as_posix(),
                "latex_individualpages": False,
                "nitpicky": True,
            },
            sourcedir=root,
        )
        self.app = Sphinx(
            srcdir=root,
            confdir=None,  # all settings come from Jupyter Book
            outdir=self.site,
            doctreedir=out / ".doctrees",
            buildername="html",
            confoverrides=settings,
            status=None,
            warning=sys.stderr,
        )
        self.app.connect("html-page-context", self._note)
        self.app.build()

    def _note(self, app: Sphinx, pagename: str, *rest: Any) -> None:
        self.written.add(f"{pagename}.html")

    def update(self, changed: Iterable[Path]) -> set[str]:
        """Bring the site up to the `changed` files; returns the pages that were written.

        Raises `BilingualError` where a source is wrong; the site is then as it was.
        """
        names = tuple(sorted({path.stem for path in changed if path.suffix == ".md"}))
        before: dict[str, str] = {}
        try:
            if names:
                build_notebooks(self.root, names, draft=True, ran=partial(self._show, before))
        except BilingualError:
            if write_files(self.root, before):
                self.tell(sorted(self._rebuild()))
            raise
        return self._rebuild()

    def _show(self, before: dict[str, str], plan: Plan, outcome: Outcome) -> None:
        """Called after each cell: show the first one that is new; `before` keeps what the files
        held.
        """
        files = so_far(self.root, plan, outcome)
        before |= {
            name: (self.root / name).read_text("utf-8") for name in files if name not in before
        }
        if write_files(self.root, files):
            self.tell(sorted(self._rebuild()))

    def _rebuild(self) -> set[str]:
        self.written.clear()
        self.app.build()
        return {page for page in self.written if page.startswith("notebooks/")}

    def tell(self, pages: object) -> None:
        """Have the browsers that show one of `pages` load it again; "all" means any page."""
        for listener in list(self.listeners):
            listener.put(json.dumps(pages))


class Handler(SimpleHTTPRequestHandler):
    """The built site, with a script on each page that listens for changes."""

    def __init__(self, preview: Preview, *args: Any) -> None:
        self.preview = preview
        super().__init__(*args, directory=str(preview.site))

    def do_GET(self) -> None:
        """Called by the server."""
        path = self.path.split("?")[0]
        if path == "/-/changes":
            self._listen()
        elif path == "/-/reload.js":
            self._send(_SCRIPT.encode(), "text/javascript")
        elif path == "/worker.js":
            self.send_error(404)
        elif (file := Path(self.translate_path(self.path))).suffix == ".html" and file.is_file():
            page = file.read_bytes().replace(
                b"</head>", b'<script src="/-/reload.js"></script></head>', 1
            )
            self._send(page, "text/html; charset=utf-8")
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Nothing is kept: what is looked at is being changed."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not news."""

    def _send(self, content: bytes, media: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _listen(self) -> None:
        changes: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.preview.listeners.append(changes)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while True:
                try:
                    line = f"data: {changes.get(timeout=15)}\n\n"
                except queue.Empty:
                    line = ": still here\n\n"  # a browser that has left is noticed by this
                self.wfile.write(line.encode())
                self.wfile.flush()
        except OSError:
            pass
        finally:
            self.preview.listeners.remove(changes)


def serve(root: Path, out: Path, port: int) -> None:
    """Build, serve and follow the sources until interrupted."""
    with patch_docutils(), docutils_namespace():
        preview = Preview(root, out)
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, preview))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_address[1]}/  (Ctrl+C ends it)", flush=True)
        watched = [
            root / name for name in (NOTEBOOKS, *SOURCES, *START_OVER) if (root / name).exists()
        ]
        for changes in watch(*watched, debounce=100, step=50, raise_interrupt=False):
            follow(preview, {Path(path) for _, path in changes})


def follow(preview: Preview, changed: set[Path]) -> None:
    """Show what has changed."""
    began = time.monotonic()
    inside = {path: path.relative_to(preview.root).as_posix() for path in changed}
    styles = [path for path, name in inside.items() if name.startswith(f"{STATIC}/")]
    sources = [path for path, name in inside.items() if name.startswith(SOURCES) and path.is_file()]
    if any(name.startswith(START_OVER) and path not in styles for path, name in inside.items()):
        print("the site's code or configuration has changed: starting over", flush=True)
        os.execv(sys.executable, [sys.executable, "-m", "book.site.serve", *sys.argv[1:]])
    for path in styles:
        if path.is_file():
            shutil.copyfile(path, preview.site / "_static" / path.name)
    if styles:
        preview.tell("all")
    if sources or any(name.startswith(NOTEBOOKS) for name in inside.values()):
        try:
            pages = preview.update(sources)
        except BilingualError as error:
            print(error, file=sys.stderr, flush=True)
            return
        if pages:
            preview.tell(sorted(pages))
            print(f"{', '.join(sorted(pages))} in {time.monotonic() - began:.1f} s", flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m book.site.serve", description="Live preview of the site."
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    given = parser.parse_args()
    root = given.root.resolve()
    serve(root, root / "_build", given.port)


if __name__ == "__main__":
    main()
