"""Figures as WebP, with their size, loaded when they come near: a deep link then never jumps.
Their anchors are left out: Sphinx numbers them, so they would change with every new figure.

A notebook's figure is a PNG; the same pixels are about half as large as lossless WebP.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx

_ANCHOR = re.compile(
    r'(<figure class="[^"]*") id="id\d+">|<a class="headerlink" href="#id\d+"[^>]*>.*?</a>'
)
_SOURCE = re.compile(r'<img ((?:alt="[^"]*" )?)src="([^"]*/_images/([^"/]+))"([^>]*)>')


def to_webp(path: Path) -> Path:
    """The picture at `path` as WebP beside it, made once; `path` itself where WebP would be
    larger.
    """
    target = path.with_suffix(".webp")
    if not target.exists():
        with Image.open(path) as picture:
            picture.save(target, "WEBP", lossless=True, quality=60, method=4)
    return target if target.stat().st_size < path.stat().st_size else path


def convert(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Point the page's figures to their WebP, and note their sizes for `sized`. Before pages are
    written.
    """
    if app.builder.format != "html":
        return
    for image in doctree.findall(nodes.image):
        uri = image["uri"]
        path = Path(app.srcdir, uri)
        if path.suffix not in (".png", ".jpg", ".jpeg", ".webp") or not path.is_file():
            continue
        chosen = to_webp(path) if path.suffix == ".png" else path
        if chosen != path:
            image["uri"] = uri[: -len(path.suffix)] + chosen.suffix
            image["candidates"] = {"*": image["uri"]}
            app.env.images.add_file(docname, image["uri"])
        with Image.open(chosen) as picture:
            image["course_size"] = picture.size


def sized(html: str, doctree: nodes.document) -> str:
    """`html` with width, height and lazy loading on each figure of `doctree`, numbered anchors left
    out.
    """
    sizes = {
        Path(i["uri"]).name: i["course_size"]
        for i in doctree.findall(nodes.image)
        if "course_size" in i
    }

    def with_size(match: re.Match[str]) -> str:
        size = sizes.get(match[3])
        if not size:
            return match[0]
        more = f' width="{size[0]}" height="{size[1]}" loading="lazy" decoding="async"'
        return f'<img {match[1]}src="{match[2]}"{more}{match[4]}>'

    html = _ANCHOR.sub(lambda match: f"{match[1]}>" if match[1] else "", html)
    return _SOURCE.sub(with_size, html)
