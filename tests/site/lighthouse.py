"""Lighthouse over the built site, served compressed: `python tests/site/lighthouse.py [SITE] [WORD]
[RUNS]`.

Needs npm's lighthouse on PATH (`npm install -g lighthouse`). Pages whose name lacks WORD are left
out. Prints the median of RUNS for phone and desk, with what costs points; ends with 1 where a page
misses what the project promises. A busy machine costs points, too: what it could do meanwhile is
the `benchmark`, about 2,500 on a quiet one.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

from browsing import pages_of

GOALS = {
    "performance": {"mobile": 95, "desktop": 100},
    "accessibility": 100,
    "best-practices": 100,
    "seo": 100,
}
MOST_SHIFT = 0.01
_TEXT = (".html", ".css", ".js", ".svg", ".webmanifest", ".xml", ".txt")


class Compressed(SimpleHTTPRequestHandler):
    """Text goes out compressed and may be kept, as from GitHub Pages."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return
        content = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        if file.suffix in _TEXT:
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not news."""

    def handle(self) -> None:
        with suppress(ConnectionError):  # a browser that is done hangs up
            super().handle()


def run(program: str, address: str, form: str, private: bool) -> dict[str, Any]:
    """Lighthouse's report of one page as a "mobile" or "desktop" device sees it; a private one asks
    not to be found.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "report.json")
        command = [program, address, "--quiet", "--output=json", f"--output-path={out}"]
        command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
        command += ["--preset=desktop"] if form == "desktop" else []
        command += ["--skip-audits=is-crawlable"] if private else []
        chromium = {**os.environ, "CHROME_PATH": str(shutil.which("chromium"))}
        subprocess.run(command, check=True, env=chromium, capture_output=True)
        return json.loads(out.read_text("utf-8"))  # type: ignore[no-any-return]


def missed(reports: list[dict[str, Any]], form: str) -> tuple[str, bool]:
    """The medians of `reports` in one line, and whether they miss a goal."""
    scores, bad = [], False
    for category, wanted in GOALS.items():
        goal = wanted[form] if isinstance(wanted, dict) else wanted
        values = [round(100 * report["categories"][category]["score"]) for report in reports]
        bad |= median(values) < goal
        scores.append(
            f"{category} {median(values):.0f} {values if len(values) > 1 else ''}".strip()
        )
    shift = median(
        report["audits"]["cumulative-layout-shift"]["numericValue"] for report in reports
    )
    bad |= shift >= MOST_SHIFT
    audits = reports[0]["audits"]
    times = {
        "FCP": "first-contentful-paint",
        "LCP": "largest-contentful-paint",
        "TBT": "total-blocking-time",
    }
    shown = " ".join(f"{name} {audits[key]['numericValue']:.0f} ms" for name, key in times.items())
    weighed = {
        ref["id"]
        for c in reports[0]["categories"].values()
        for ref in c["auditRefs"]
        if ref["weight"]
    }
    low = [
        key
        for key in weighed
        if (audits[key].get("score") or 0) < 0.9
        and audits[key]["scoreDisplayMode"] in ("binary", "numeric")
    ]
    speed = median(report["environment"]["benchmarkIndex"] for report in reports)
    return (
        (
            f"{', '.join(scores)}; CLS {shift:.3f} {shown}; benchmark {speed:.0f};"
            f" {' '.join(sorted(low))}"
        ),
        bad,
    )


def main(site: Path, word: str, runs: int) -> int:
    """Judge every page whose name holds `word`; 1 where one misses a goal."""
    program = shutil.which("lighthouse")
    if program is None:
        print("lighthouse is missing: npm install -g lighthouse", file=sys.stderr)
        return 2
    missing = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressed, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        for name in pages_of(site):
            if word not in name or name == "404.html":
                continue
            private = '<meta name="robots" content="noindex">' in (site / name).read_text("utf-8")
            for form in ("mobile", "desktop"):
                address = f"http://127.0.0.1:{server.server_address[1]}/{name}"
                line, bad = missed(
                    [run(program, address, form, private) for _ in range(runs)], form
                )
                missing += bad
                print(f"{'MISSED' if bad else 'ok':7} {name} {form}: {line}", flush=True)
        server.shutdown()
    return int(missing > 0)


if __name__ == "__main__":
    given = sys.argv[1:] + [""] * 3
    sys.exit(main(Path(given[0] or "_build/html"), given[1], int(given[2] or 3)))
