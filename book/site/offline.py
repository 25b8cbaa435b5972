"""What lies beside the pages: the front, the page for unknown addresses, sitemap, and what makes
the site installable.

The service worker keeps every file that this build wrote, under a name made of their contents: a
new build is a new name, so readers get it whole or not at all.
"""

from __future__ import annotations

import json
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from sphinx.application import Sphinx

from book.bilingual.lesson.links import LANGUAGES
from book.site.words import TITLES, word

HERE = Path(__file__).parent
# What a page can ask for; sources, maps and Sphinx's own unused scripts are not kept.
_KEPT = {".html", ".webp", ".png", ".svg", ".css", ".js", ".webmanifest", ".woff"}
_STATIC = (
    *("course.css", "course.js", "early.js", "progress.js", "search.js", "favicon.svg"),
    *("plays.css", "plays.js", "glass.js", "glass-net.js", "math.woff"),
)
_UNUSED = ("basic.css", "doctools.js", "language_data.js", "searchtools.js", "sphinx_highlight.js")

_FRONT = """<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>{title}</title>
<meta name="description" content="{title}">
<link rel="icon" href="_static/favicon.svg" type="image/svg+xml">
<meta property="og:title" content="{title}"><meta property="og:type" content="website">
<meta property="og:description" content="{about}"><meta property="og:image" content="{card}">
<meta name="twitter:card" content="summary_large_image">
<link rel="canonical" href="{base}{first}">
<meta http-equiv="refresh" content="0; url={first}"></head>
<body><p><a href="{first}">{title}</a></p></body></html>
"""
_NOT_FOUND = """<!doctype html>
<html lang="ko"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>404</title>
<link rel="icon" href="{root}_static/favicon.svg" type="image/svg+xml">
<style>
:root{{color-scheme:light dark}}
body{{font:1.1rem/1.7 system-ui,sans-serif;word-break:keep-all;
max-width:34rem;margin:15vh auto;padding:0 1rem;background:#fff;color:#1d2126}}
a{{color:#00578a}}
@media(prefers-color-scheme:dark){{body{{background:#14171c;color:#e6e8eb}}a{{color:#7cc4f4}}}}
</style></head>
<body><main><h1>404</h1>
{lines}
</main></body></html>
"""
_LINE = '<p lang="{lang}">{text} <a href="{base}notebooks/{lang}/welcome.html">{home}</a></p>'


def write_front(app: Sphinx, error: Exception | None) -> None:
    """Write them all into the built site."""
    if error or app.builder.format != "html":
        return
    out, base = Path(app.outdir), app.config.html_baseurl or "/"
    first, title = app.builder.get_target_uri(app.config.root_doc), " · ".join(TITLES.values())
    about = " · ".join(word(lang, "course in a line") for lang in LANGUAGES)
    card = f"{base}_static/card-{LANGUAGES[0]}.png"
    front = _FRONT.format(first=first, title=title, about=about, card=card, base=base)
    (out / "index.html").write_text(front, "utf-8")
    lines = [
        _LINE.format(
            lang=lang,
            base=base,
            text=word(lang, "not found"),
            home=word(lang, "to the first page", TITLES[lang]),
        )
        for lang in LANGUAGES
    ]
    root = urlsplit(base).path  # shown at any depth, but on this site
    (out / "404.html").write_text(_NOT_FOUND.format(root=root, lines="\n".join(lines)), "utf-8")
    for lang in LANGUAGES:
        (out / f"manifest-{lang}.webmanifest").write_text(_manifest(lang), "utf-8")
    if app.config.html_baseurl:
        _write_sitemap(app, out)
    for name in _UNUSED:
        (out / "_static" / name).unlink(missing_ok=True)
    _write_worker(out, app.config.course_site_digest[:8])


def _manifest(lang: str) -> str:
    return json.dumps(
        {
            "name": TITLES[lang],
            "short_name": "GAP",
            "lang": lang,
            "id": f"./?{lang}",
            "start_url": f"notebooks/{lang}/welcome.html",
            "scope": "./",  # the other language, search and take-away, too
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#00598c",
            "icons": [{"src": "_static/favicon.svg", "sizes": "any", "type": "image/svg+xml"}],
        },
        ensure_ascii=False,
    )


def _write_sitemap(app: Sphinx, out: Path) -> None:
    private = set(app.config.course_private_pages)
    base, lines = app.config.html_baseurl, []
    for lang in LANGUAGES:
        for page in app.env.course_pages[lang]:  # type: ignore[attr-defined]
            if page.rsplit("/", 1)[-1] not in private:
                lines.append(
                    f"<url><loc>{escape(base + app.builder.get_target_uri(page))}</loc></url>"
                )
    body = "\n".join(lines)
    urlset = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}\n</urlset>\n'
    (out / "sitemap.xml").write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{urlset}', "utf-8")
    (out / "robots.txt").write_text(
        f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n", "utf-8"
    )


def _write_worker(out: Path, stamp: str) -> None:
    """`worker.js`, from its template, with the list of files, a name that their contents give, and
    the `stamp` that pages ask for scripts and styles by.
    """
    files = sorted(path for path in out.rglob("*") if _is_kept(path.relative_to(out)))
    total = sha256()
    for path in files:
        total.update(path.relative_to(out).as_posix().encode())
        total.update(path.read_bytes())
    listed = json.dumps([path.relative_to(out).as_posix() for path in files], ensure_ascii=False)
    script = Template((HERE / "worker.js").read_text("utf-8"))
    text = script.substitute(version=total.hexdigest()[:12], files=listed, stamp=stamp)
    (out / "worker.js").write_text(text, "utf-8")


def _is_kept(path: Path) -> bool:
    if path.suffix not in _KEPT or path.name == "worker.js":
        return False
    return path.parts[0] not in ("_sources", "_static") or (
        path.parts[0] == "_static" and path.name in _STATIC
    )


def setup(app: Sphinx) -> None:
    """Called by `book.site.extension`; after the search index, which is kept, too."""
    app.connect("build-finished", write_front, priority=900)
