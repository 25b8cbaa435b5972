"""The whole site in one zip: unpack it anywhere and open `index.html`."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_ITSELF = re.compile(rb'<a [^>]*class="course-zip"[^>]*>[^<]*</a>')
_PRELOAD = re.compile(rb'<link rel="preload"[^>]* as="font"[^>]*>\n?')  # files are no origin
_LEFT_OUT = ("_sources/.", ".buildinfo", "objects.inv", "worker.js", "robots.txt", "sitemap.xml")


def write_zip(site: Path, target: Path) -> None:
    """Write every file of `site` but `target` itself, and without the links to it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in site.rglob("*") if path.is_file() and path != target):
            name = path.relative_to(site).as_posix()
            if name.startswith(_LEFT_OUT):
                continue
            content = path.read_bytes()
            if path.suffix == ".html":
                content = _PRELOAD.sub(b"", _ITSELF.sub(b"", content))
            archive.writestr(f"from-pooling-to-gap/{name}", content)
