"""Sphinx extension: one build, two languages, a theme of its own.

Jupyter Book knows one language per site. Here both live side by side as `notebooks/ko/NAME` and
`notebooks/en/NAME`, and each page gets what belongs to its language as it is written
(`html-page-context`): the words around the text, the contents, previous and next, the switch to the
same page in the other language. `_toc.yml` is read through Sphinx; there is no other list of pages.

    anchors   headings' addresses        offline   what a service worker keeps
    figures   WebP, sizes                terms     links to the glossary
    folds     what is opened on demand   words     the theme's words
    formulas  MathML                     plays     where playgrounds stand
    prose     predictions, line breaks   front     the first page's figure and map
    search    the index                  drawn     drawings, in the page itself

State lives in Sphinx's environment only, so pages may be read and written in parallel.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from book.bilingual.lesson.links import LANGUAGES, AddressError, parse_repositories, repositories
from book.site import (
    anchors,
    drawn,
    feed,
    figures,
    folds,
    formulas,
    front,
    jumps,
    measured,
    offline,
    plays,
    prose,
    quizzes,
    search,
    terms,
    words,
)
from book.site.icons import icon

HERE = Path(__file__).parent
# of each language; where the chooser, the brand and a missing counterpart lead
FIRST_PAGE = "welcome"
REFERENCE = (
    "beyond",
    "project",
    "misconceptions",
    "glossary",
    "references",
    "how_we_know",
    "instructors",
    "lesson_plans",
)
DESCRIPTION_LENGTH = 155
_PAGE = re.compile(r"notebooks/(ko|en)/(.+)")
_SEARCH = re.compile(r"search-(ko|en)")
_LESSON = re.compile(r"(ch|ex)(\d\d)_\w+")
_NUMBERED = re.compile(r"(?:과제|Assignment)\s+\d+[.:]?\s*")


def language_of(pagename: str) -> str | None:
    """`ko` or `en`; None for the page where the reader chooses."""
    match = _PAGE.fullmatch(pagename) or _SEARCH.fullmatch(pagename)
    return match[1] if match else None


def counterpart(pagename: str, lang: str, exists: Callable[[str], bool]) -> str:
    """The same page in `lang`; that language's first page where there is none."""
    if _SEARCH.fullmatch(pagename):
        return f"search-{lang}"
    match = _PAGE.fullmatch(pagename)
    page = f"notebooks/{lang}/{match[2]}" if match else ""
    return page if page and exists(page) else f"notebooks/{lang}/{FIRST_PAGE}"


def number_of(pagename: str, lang: str) -> tuple[str, str]:
    """A lesson's number, short and in words: ("2", "2장"), ("2", "Assignment 2"); empty for other
    pages.
    """
    match = _LESSON.fullmatch(pagename.rsplit("/", 1)[-1])
    if not match:
        return "", ""
    kind, number = ("chapter" if match[1] == "ch" else "assignment"), str(int(match[2]))
    return number, words.word(lang, kind, number)


def place(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Everything that the layout shows around a page's text."""
    lang = language_of(pagename) or "ko"
    alone = language_of(pagename) is None
    title = re.sub(r"<[^>]+>", "", str(context.get("title") or ""))
    if _SEARCH.fullmatch(pagename):
        title = words.word(lang, "search")
    number, in_words = number_of(pagename, lang)
    site = " · ".join(words.TITLES.values()) if alone else words.TITLES[lang]
    if in_words and not _NUMBERED.match(title):
        title = f"{in_words} {title}" if lang == "ko" else f"{in_words}: {title}"
    course: dict[str, Any] = {
        "lang": lang,
        "spoken_here": LANGUAGES if alone else (lang,),
        "names": words.NAMES,
        "site": site,
        "title": site if alone else f"{title} — {site}",
        "description": description(doctree) or f"{site}. {words.word(lang, 'search hint')}.",
        "eyebrow": in_words if number and "/ch" in pagename else "",
        "spoken": (
            words.spoken_to_scripts(lang)
            | (words.spoken_on_the_first_page(lang) if pagename.endswith(f"/{FIRST_PAGE}") else {})
        ),
        "asset": partial(_asset, context["pathto"], app.config.course_site_digest[:8]),
        "nav": [],
        "toc": "",
        "plays": pagename.rsplit("/", 1)[-1] in plays.PLACES,
        "math": "<math" in context.get("body", ""),
        "private": pagename.rsplit("/", 1)[-1] in app.config.course_private_pages,
        "take_away": {
            code: _take_away(app, code, context["pathto"])
            for code in (LANGUAGES if alone else (lang,))
        },
    }
    course |= _addresses(app, pagename, lang, alone, context)
    if not alone:
        course["nav"] = _contents(app, pagename, lang, context["pathto"])
        course["toc"] = _outline(context)
    context.update(course=course, _=partial(words.word, lang), word=words.word, icon=icon)
    for key in ("prev", "next"):
        context[key] = (
            _neighbour(app, pagename, lang, key, context["pathto"]) if not alone else None
        )
    if "body" in context:
        html = prose.tables_that_scroll(folds.lighten(words.body(context["body"], lang)))
        html = folds.deeper(html)
        html = jumps.add_jumps(html, lang) if pagename.endswith("/glossary") else html
        context["body"] = figures.sized(html, doctree) if doctree else html


def _asset(pathto: Callable[..., str], digest: str, name: str) -> str:
    """A file of `static`, with a mark that changes when any of them does: caches may keep it for
    ever.
    """
    return f"{pathto('_static/' + name, resource=True)}?v={digest}"


def _take_away(app: Sphinx, lang: str, pathto: Callable[..., str]) -> dict[str, str]:
    """Kind → address of what `make take-away` has put into the site; empty where it has not."""
    if not app.config.course_take_away:
        return {}
    names = {"pdf": words.take_away_name("pdf", lang), "epub": words.take_away_name("epub", lang)}
    names["zip"] = words.take_away_name("zip")
    return {kind: pathto(f"take-away/{name}", resource=True) for kind, name in names.items()}


def description(doctree: nodes.document | None) -> str:
    """A page's first paragraph of prose, as plain text of at most `DESCRIPTION_LENGTH`
    characters.
    """
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        text = " ".join(paragraph.astext().split())
        if len(text) > 40 and not any(paragraph.findall(nodes.raw)):
            return (
                text
                if len(text) <= DESCRIPTION_LENGTH
                else text[: DESCRIPTION_LENGTH - 1].rsplit(" ", 1)[0] + "…"
            )
    return ""


def _addresses(
    app: Sphinx, pagename: str, lang: str, alone: bool, context: dict[str, Any]
) -> dict[str, Any]:
    """Where the links of the head and of the header lead."""
    pathto, base = context["pathto"], app.config.html_baseurl
    pages = {
        code: counterpart(pagename, code, app.env.found_docs.__contains__) for code in LANGUAGES
    }
    other = next(code for code in LANGUAGES if code != lang)
    uri = app.builder.get_target_uri
    found: dict[str, Any] = {
        "home_url": (
            pathto(app.config.root_doc) if alone else pathto(f"notebooks/{lang}/{FIRST_PAGE}")
        ),
        "chooser_url": pathto(app.config.root_doc) + "?choose",
        "canonical": base + uri(pagename) if base else "",
        "card": f"{base}_static/card-{lang}.png" if base else "",
        "feed": f"{base}feed-{lang}.xml" if base else "",
        "alternates": {},
    }
    if alone:
        return found
    pages[lang] = pagename
    found |= {"other": other, "other_url": pathto(pages[other])}
    if not _SEARCH.fullmatch(pagename):
        found["search_url"] = pathto(f"search-{lang}")
    if base:
        found["alternates"] = {code: base + uri(page) for code, page in pages.items()}
        found["alternates"]["x-default"] = base + uri(app.config.root_doc)
    repos = parse_repositories(app.config.course_repositories, app.config.course_branch)
    issue = {
        "title": words.word(lang, "issue title", pagename.removeprefix("notebooks/")),
        "body": words.word(lang, "issue body", found["canonical"] or pagename),
    }
    found["issue_url"] = f"https://github.com/{repos.students}/issues/new?{urlencode(issue)}"
    suffix = context.get("page_source_suffix") or ""
    if suffix and pagename.rsplit("/", 1)[-1] not in app.config.course_private_pages:
        found["edit_url"] = (
            f"https://github.com/{repos.students}/edit/{quote(repos.branch)}/{pagename}{suffix}"
        )
    if suffix == ".ipynb":
        path = f"{pagename}.ipynb"
        found |= {"colab_url": repos.colab(path), "binder_url": repos.binder(path)}
        found["notebook_url"] = pathto(f"_sources/{path}", resource=True)
    return found


def pages_in(app: Sphinx, lang: str) -> list[str]:
    """The pages of one language in reading order, from `_toc.yml`."""
    found: list[str] = []
    for part in app.env.get_doctree(app.config.root_doc).findall(addnodes.toctree):
        found += [str(entry) for _, entry in part["entries"] if language_of(str(entry)) == lang]
    return found


def _contents(
    app: Sphinx, pagename: str, lang: str, pathto: Callable[..., str]
) -> list[tuple[str, list[Any]]]:
    """The book's contents in three groups; a chapter's assignment stands below it."""
    groups: dict[str, list[Any]] = {"group start": [], "group lessons": [], "group reference": []}
    for page in app.env.course_pages[lang]:  # type: ignore[attr-defined]
        name = page.rsplit("/", 1)[-1]
        lesson = _LESSON.fullmatch(name)
        group = (
            "group lessons" if lesson else "group reference" if name in REFERENCE else "group start"
        )
        title = app.env.titles[page].astext() if page in app.env.titles else name
        exercise = bool(lesson and lesson[1] == "ex")
        groups[group].append(
            {
                "url": f"{name}.html" if page == pagename else pathto(page),
                "label": title,
                "number": str(int(lesson[2])) if lesson and not exercise else "",
                "inner": exercise,
                "current": page == pagename,
            }
        )
    return [(words.word(lang, group), pages) for group, pages in groups.items() if pages]


def _outline(context: dict[str, Any]) -> str:
    """The headings below the page's own title, as nested lists; empty where there are none."""
    inner = re.search(
        r"<ul>.*?<li>.*?(<ul>.*</ul>)\s*</li>\s*</ul>", str(context.get("toc") or ""), re.S
    )
    return inner[1].replace(' class="reference internal"', "") if inner else ""


def _neighbour(
    app: Sphinx, pagename: str, lang: str, which: str, pathto: Callable[..., str]
) -> dict[str, str] | None:
    pages = app.env.course_pages[lang]  # type: ignore[attr-defined]
    if pagename not in pages:
        return None
    at = pages.index(pagename) + (1 if which == "next" else -1)
    if not 0 <= at < len(pages):
        return None
    page = pages[at]
    number, in_words = number_of(page, lang)
    title = app.env.titles[page].astext()
    if number and not _NUMBERED.match(title):
        title = f"{in_words} {title}" if lang == "ko" else f"{in_words}: {title}"
    return {"link": pathto(page), "title": title}


def dress(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Called for each page as it is written, before the glossary's links."""
    lang = language_of(docname)
    if app.builder.format == "html" and lang:
        page = docname.rsplit("/", 1)[-1]
        prose.mark_predictions(doctree)
        prose.mark_single_lines(doctree)
        drawn.draw(doctree, Path(app.srcdir, *app.config.html_static_path[:1]))
        plays.insert(doctree, page, lang)
        quizzes.make_forms(doctree, page, lang)
        quizzes.hide_outcomes(doctree, lang)
        quizzes.insert_progress(doctree, page, lang)
        prose.keep_short_code(doctree)
        prose.keep_dots(doctree)
        if lang == "ko":
            prose.keep_particles(doctree)  # at formulas, too
        else:
            prose.keep_formulas(doctree)
            prose.keep_wholes(doctree)


def write_in_parallel(app: Sphinx, env: Any) -> list[str]:
    """Called between reading and writing: writing uses every core, which Jupyter Book's command has
    no option for.

    Reading stays on one: an extension that Jupyter Book loads does not say whether it could be done
    in parallel.
    """
    env.course_pages = {lang: pages_in(app, lang) for lang in LANGUAGES}
    if app.parallel == 1:
        app.parallel = min(4, os.cpu_count() or 1)
    return []


def search_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """A search page per language."""
    for lang in LANGUAGES:
        yield f"search-{lang}", {}, "search.html"


def check_config(app: Sphinx, config: Config) -> None:
    """Stop at once where an address is wrong; show the theme's folder to Sphinx."""
    try:
        repositories(Path(app.confdir))
    except AddressError as error:
        raise ConfigError(str(error)) from error
    config.course_take_away = Path(app.outdir, "take-away").is_dir()
    config.course_site_digest = _digest(
        Path(app.confdir) / folder for folder in config.html_static_path
    )


def _digest(static_folders: Iterable[Path]) -> str:
    """Hash of the site's styles, scripts, templates and of this extension: a change makes Sphinx
    write all pages again.

    Without it an edited style sheet would not reach `_build`, as Sphinx copies nothing while no
    page has changed.
    """
    files = [
        *HERE.glob("*.py"),
        *(HERE / "theme").iterdir(),
        HERE.parent / "bilingual" / "links.py",
    ]
    files += measured.RESULTS.glob("*.json")
    files += [path for folder in static_folders for path in folder.rglob("*") if path.is_file()]
    total = sha256()
    for path in sorted(files):
        if path.is_file():
            total.update(path.read_bytes())
    return total.hexdigest()


def without_sphinx_search(app: Sphinx) -> None:
    """Sphinx's own index is not built: the course has one of sections."""
    app.builder.search = False  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_config_value("course_repositories", {}, "html", types=(dict,))
    app.add_config_value("course_branch", "main", "html", types=(str,))
    app.add_config_value("course_private_pages", [], "html", types=(list,))  # read by publish, too
    app.add_config_value("course_site_digest", "", "html", types=(str,))
    app.add_config_value("course_take_away", False, "html", types=(bool,))
    # Jupyter Book sets these for extensions of its own, which this site does without.
    app.add_config_value("comments_config", {}, "")
    app.add_html_theme("course", str(HERE / "theme"))
    app.connect("config-inited", check_config)
    app.connect("builder-inited", without_sphinx_search)
    app.connect("doctree-resolved", dress, priority=400)
    app.connect("doctree-resolved", figures.convert, priority=900)
    app.connect("env-updated", write_in_parallel)
    app.connect("html-collect-pages", search_pages)
    app.connect("html-page-context", place, priority=900)
    for part in (anchors, feed, folds, formulas, front, search, terms, offline):
        part.setup(app)
    # What is kept of each page that was read has changed where `env_version` does: all are then
    # read again.
    return {
        "version": "2",
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
