"""Sphinx extension: one build, two languages.

Jupyter Book knows one language per site. Here both live side by side as `notebooks/ko/NAME` and `notebooks/en/NAME`,
and this extension gives each page what belongs to its language when the page is written (`html-page-context`): `lang`
on `<html>`, the theme's words, a sidebar and previous/next within the language, the switch to the same page in the
other language, the Colab and Binder buttons. It reads `_toc.yml` through Sphinx and keeps no list of pages of its own.

Glossary links are in `terms`, words in `words`, search in `search`, prose in `prose`. State
lives in Sphinx's config only, so pages may be read and written in parallel, and a change of one page writes that page.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment.adapters.toctree import _resolve_toctree
from sphinx.errors import ConfigError
from sphinx.util.fileutil import copy_asset_file

from book.bilingual.links import LANGUAGES, AddressError, check_buttons, parse_repositories
from book.site import prose as site_prose
from book.site import terms as site_glossary
from book.site.search import CourseSearch
from book.site.words import NAMES, TITLES, javascript_catalogue, words

_PAGE = re.compile(r"notebooks/(ko|en)/(.+)")
_SEARCH = re.compile(r"search-(ko|en)")
FIRST_PAGE = "welcome"  # of each language; where the chooser, the brand and a missing counterpart lead
# The parts of MathJax that pages with formulas load; the package holds every other variant too.
_MATHJAX_FILES = ("tex-chtml.js", "output/chtml/fonts/woff-v2/*", "input/tex/extensions/*")

_NOT_FOUND = """<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>404</title>
<style>body{{font:1.1rem/1.7 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}}</style></head>
<body><main><h1>404</h1>
<p>찾으시는 쪽이 없습니다. <a href="{base}notebooks/ko/welcome.html">풀링에서 GAP까지: 첫 쪽으로</a></p>
<p lang="en">There is no such page.
<a href="{base}notebooks/en/welcome.html">From Pooling to GAP: to the first page</a></p>
</main></body></html>
"""
_FRONT = """<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>풀링에서 GAP까지 · From Pooling to GAP</title>
<meta http-equiv="refresh" content="0; url={first}"><link rel="canonical" href="{first}"></head>
<body><p><a href="{first}">풀링에서 GAP까지 · From Pooling to GAP</a></p></body></html>
"""


def language_of(pagename: str) -> str | None:
    """`ko` or `en`; None for the page where the reader chooses, and for Sphinx's own pages."""
    match = _PAGE.fullmatch(pagename) or _SEARCH.fullmatch(pagename)
    return match[1] if match else None


def counterpart(pagename: str, lang: str, exists: Callable[[str], bool]) -> str:
    """The same page in `lang`; that language's first page where there is none."""
    if _SEARCH.fullmatch(pagename):
        return f"search-{lang}"
    match = _PAGE.fullmatch(pagename)
    page = f"notebooks/{lang}/{match[2]}" if match else ""
    return page if page and exists(page) else f"notebooks/{lang}/{FIRST_PAGE}"


def place(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give a page its language and its place. Before the theme's handlers, which try the templates out."""
    lang = language_of(pagename)
    is_chooser = pagename == app.config.root_doc
    context["course"] = {"lang": lang, "names": NAMES, "is_chooser": is_chooser}
    context["language"] = lang or ("ko" if is_chooser else "en")
    if lang is None:
        # The chooser and Sphinx's own pages belong to no language: no sidebar, no neighbours.
        context["sidebars"], context["prev"], context["next"] = [], None, None
        return
    context["docstitle"] = context["html_title"] = context["shorttitle"] = TITLES[lang]
    context["toctree"] = _toctree_of(app, pagename, lang)
    _keep_neighbours(app, pagename, lang, context)
    _set_addresses(app, pagename, lang, context)


def speak(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Say everything in the page's language. After the theme's handlers, which speak the build's."""
    lang = context["course"]["lang"]
    _set_words(context, context["language"])
    if context["course"]["is_chooser"]:
        context["docstitle"], context["header_buttons"] = "", []
    # Jupyter Book loads Thebe's script on every page, and twice, which is an error; no page here runs code in itself.
    context["script_files"][:] = [js for js in context["script_files"] if "thebe" not in _told(js).lower()]
    if lang:
        context["theme_logo"] = {**context["theme_logo"], "link": f"notebooks/{lang}/{FIRST_PAGE}"}
        if javascript_catalogue(lang):
            app.add_js_file(f"translations-{lang}.js")


def _told(script: Any) -> str:
    """A script's address or, where it stands in the page, its text."""
    return f"{getattr(script, 'filename', script)} {getattr(script, 'attributes', {}).get('body', '')}"


def _set_words(context: dict[str, Any], lang: str) -> None:
    spoken = words(lang)
    context["_"] = context["gettext"] = context["translate"] = spoken.gettext
    context["ngettext"] = spoken.ngettext
    context["theme_search_bar_text"] = spoken.gettext("Search...")
    for button in context.get("header_buttons", []):
        _translate_button(button, spoken.gettext)
    if "body" in context:
        context["body"] = spoken.body(context["body"])


def _translate_button(button: dict[str, Any], gettext: Callable[[str], str]) -> None:
    """The theme writes a group's tooltip untranslated; words already Korean pass through the template's own call."""
    if button["type"] == "group":
        button["tooltip"] = gettext(button["tooltip"])
        for inner in button["buttons"]:
            _translate_button(inner, gettext)


def _toctree_of(app: Sphinx, pagename: str, lang: str) -> Callable[..., str]:
    """The template function `toctree`, for the parts of the table of contents in `lang` alone."""

    def toctree(collapse: bool = True, **options: Any) -> str:
        options["maxdepth"] = int(options.get("maxdepth") or 0)
        lists: list[nodes.Node] = []
        for part in app.env.master_doctree.findall(addnodes.toctree):
            if any(language_of(str(entry)) == lang for _, entry in part["entries"]):
                tree = _resolve_toctree(app.env, pagename, app.builder, part, prune=True, collapse=collapse, **options)
                lists += [child for child in tree.children if not isinstance(child, nodes.title)] if tree else []
        builder = cast(StandaloneHTMLBuilder, app.builder)
        return builder.render_partial(nodes.compound("", *lists))["fragment"] if lists else ""

    return toctree


def _keep_neighbours(app: Sphinx, pagename: str, lang: str, context: dict[str, Any]) -> None:
    builder = cast(StandaloneHTMLBuilder, app.builder)
    _, before, after = builder.relations.get(pagename, (None, None, None))
    for key, neighbour in (("prev", before), ("next", after)):
        if not neighbour or language_of(neighbour) != lang:
            context[key] = None


def _set_addresses(app: Sphinx, pagename: str, lang: str, context: dict[str, Any]) -> None:
    """Where the buttons and the head's links lead."""
    pathto, base = context["pathto"], app.config.html_baseurl
    pages = {code: counterpart(pagename, code, app.env.found_docs.__contains__) for code in LANGUAGES}
    pages[lang] = pagename
    other = next(code for code in LANGUAGES if code != lang)
    context["course"].update(
        other=other,
        other_url=pathto(pages[other]),
        chooser_url=pathto(app.config.root_doc) + "?choose",
        alternates={code: base + app.builder.get_target_uri(page) for code, page in pages.items()} if base else {},
    )

    def to(page: str, resource: bool = False, **options: Any) -> str:
        return pathto(f"search-{lang}" if page == "search" and not resource else page, resource, **options)

    context["pathto"] = to
    if (context.get("page_source_suffix") or "") == ".ipynb":
        repos = parse_repositories(app.config.course_repositories, app.config.course_branch)
        path = f"{pagename}.ipynb"
        context["course"].update(colab_url=repos.colab(path), binder_url=repos.binder(path))


def dress(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Called for each page as it is written, before the glossary's links."""
    lang = language_of(docname)
    if app.builder.format == "html" and lang:
        site_prose.mark_predictions(doctree)
        if lang == "ko":
            site_prose.keep_particles(doctree)


def write_in_parallel(app: Sphinx, env: Any) -> list[str]:
    """Called between reading and writing: writing uses every core, which Jupyter Book's command has no option for.

    Reading stays on one: an extension that Jupyter Book loads does not say whether it could be done in parallel.
    """
    if app.parallel == 1:
        app.parallel = min(4, os.cpu_count() or 1)
    return []


def search_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """A search page per language, at the root because Sphinx's script writes links relative to it."""
    for lang in LANGUAGES:
        yield f"search-{lang}", {}, "search.html"


def check_config(app: Sphinx, config: Config) -> None:
    """Stop at once where an address is wrong; find templates; prefer the installed MathJax to one from the web."""
    try:
        repos = parse_repositories(config.course_repositories, config.course_branch)
        options = config.html_theme_options
        check_buttons(repos, options.get("repository_url"), options.get("repository_branch"))
    except AddressError as error:
        raise ConfigError(str(error)) from error
    config.templates_path.insert(0, str(Path(__file__).parent / "templates"))
    config.mathjax_path = "mathjax/tex-chtml.js"
    config.course_site_digest = _digest(Path(app.confdir) / folder for folder in config.html_static_path)


def _digest(static_folders: Iterable[Path]) -> str:
    """Hash of the site's styles, scripts, templates and of this extension: a change makes Sphinx write all pages again.

    Without it an edited style sheet would not reach `_build`, as Sphinx copies nothing while no page has changed.
    """
    here = Path(__file__).parent
    files = [*here.glob("*.py"), here.parent / "bilingual" / "links.py", *(here / "templates").glob("*.html")]
    files += [path for folder in static_folders for path in folder.rglob("*") if path.is_file()]
    total = sha256()
    for path in sorted(files):
        total.update(path.read_bytes())
    return total.hexdigest()


def mathjax_folder() -> Path:
    """The installed MathJax. Formulas then work offline, and no reader is announced to a CDN."""
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(
            "MathJax is not installed, so formulas would stay TeX source: pip install 'sphinx-mathjax-offline==0.0.2', "
            "or `make book`, which installs what pyproject.toml lists."
        )
    return Path(spec.submodule_search_locations[0]) / "static" / "mathjax"


def copy_assets(app: Sphinx) -> None:
    """MathJax and Sphinx's Korean script words into `_static`; before the pages, which carry the files' checksums."""
    if app.builder.format != "html":
        return
    static, source = Path(app.outdir) / "_static", mathjax_folder()
    for pattern in _MATHJAX_FILES:
        for path in source.glob(pattern):
            target = static / "mathjax" / path.relative_to(source)
            if path.is_file() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                copy_asset_file(path, target)
    for lang in LANGUAGES:
        catalogue = javascript_catalogue(lang)
        if catalogue:
            static.mkdir(parents=True, exist_ok=True)
            copy_asset_file(catalogue, static / f"translations-{lang}.js")


def write_front(app: Sphinx, error: Exception | None) -> None:
    """`index.html`, which forwards to the chooser, and `404.html`, which links both first pages by absolute address."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    first = app.builder.get_target_uri(app.config.root_doc)
    (out / "index.html").write_text(_FRONT.format(first=first), "utf-8")
    (out / "404.html").write_text(_NOT_FOUND.format(base=app.config.html_baseurl or "/"), "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_config_value("course_repositories", {}, "html", types=(dict,))
    app.add_config_value("course_branch", "main", "html", types=(str,))
    app.add_config_value("course_private_pages", [], "", types=(list,))  # read by book.bilingual.publish
    app.add_config_value("course_site_digest", "", "html", types=(str,))
    app.add_search_language(CourseSearch)
    app.connect("config-inited", check_config)
    app.connect("builder-inited", copy_assets)
    app.connect("doctree-resolved", dress, priority=400)
    app.connect("env-updated", write_in_parallel)
    app.connect("html-collect-pages", search_pages)
    app.connect("html-page-context", place, priority=100)
    app.connect("html-page-context", speak, priority=900)
    app.connect("build-finished", write_front)
    site_glossary.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
