"""Decks become pages: nbconvert writes reveal.js, whose files lie beside them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

import nbformat
from nbconvert.exporters import SlidesExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book.bilingual.lesson.links import LANGUAGES
from book.site.words import TITLES, word
from book.slides.deck import Code, Deck, Later, Slide
from book.slides.text import html

HERE = Path(__file__).parent
ASSETS = ("slides.css", "slides.js")


def write(root: Path, out: Path, names: tuple[str, ...] = ()) -> list[Path]:
    """Write the decks of the named chapters (all when none is named) and a list of them; returns
    the pages.

    Raises `FileNotFoundError` for a chapter that there is not.
    """
    chapters = sorted(path.stem for path in (root / "notebooks" / "ko").glob("ch*.ipynb"))
    for name in set(names) - set(chapters):
        raise FileNotFoundError(
            f"there is no chapter {name!r}, so no slides were made: name one of"
            f" {', '.join(chapters)}"
        )
    shutil.copytree(HERE / "reveal", out / "reveal", dirs_exist_ok=True)
    for name in ASSETS:
        shutil.copy(HERE / name, out / "reveal" / name)
    written, exporter = [], _exporter()
    for lang in LANGUAGES:
        (out / lang).mkdir(parents=True, exist_ok=True)
        for name in names or chapters:
            notebook = nbformat.read(root / "notebooks" / lang / f"{name}.ipynb", as_version=4)
            page, _ = exporter.from_notebook_node(_notebook(Deck(root, notebook, name, lang), lang))
            written.append(out / lang / f"{name}.html")
            written[-1].write_text(page, "utf-8")
    (out / "index.html").write_text(_index(out), "utf-8")
    return written


def _exporter() -> SlidesExporter:
    return SlidesExporter(
        template_name="course",
        extra_template_basedirs=[str(HERE / "templates")],
        reveal_url_prefix="../reveal",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        preprocessors=[],
    )


def _notebook(deck: Deck, lang: str) -> nbformat.NotebookNode:
    """The deck as a notebook whose cells are HTML, or code, with nbconvert's marks for slides."""
    title = deck.columns[0].slides[0].title
    cells = [
        cell
        for column in deck.columns
        for at, slide in enumerate(column.slides)
        for cell in _cells(slide, "subslide" if at else "slide")
    ]
    meta = {
        "title": f"{title} — {TITLES[lang]}",
        "course": {"lang": lang},
        "language_info": {"name": "python"},
    }
    return new_notebook(cells=cells, metadata=meta)


def _cells(slide: Slide, begins: str) -> Iterator[nbformat.NotebookNode]:
    tag = f"h{slide.level}"
    badge = f'<span class="badge">{escape(slide.badge)}</span>' if slide.badge else ""
    title = html(slide.title).strip().removeprefix("<p>").removesuffix("</p>")
    head = f"<{tag}>{title}{badge}</{tag}>" if slide.heading else f'<p class="eyebrow">{title}</p>'
    yield _cell(head, begins)
    for part in slide.parts:
        if isinstance(part, Code):
            yield new_code_cell(part.source, metadata={"slideshow": {"slide_type": "-"}})
        elif isinstance(part, Later):
            yield _cell(part.html, "fragment")
        else:
            yield _cell(part, "-")
    notes = "\n\n".join(note for note in slide.notes if note)
    if notes:
        yield _cell(html(notes), "notes")


def _cell(source: str, kind: str) -> nbformat.NotebookNode:
    return new_markdown_cell(source, metadata={"slideshow": {"slide_type": kind}})


def _index(out: Path) -> str:
    lists = []
    for lang in LANGUAGES:
        pages = sorted((out / lang).glob("*.html"))
        items = "".join(
            f'<li><a href="{lang}/{p.name}">{word(lang, "chapter", int(p.stem[2:4]))}</a></li>'
            for p in pages
        )
        lists.append(f'<section lang="{lang}"><h1>{TITLES[lang]}</h1><ul>{items}</ul></section>')
    return (
        f'<!DOCTYPE html>\n<meta charset="utf-8"><title>{TITLES["en"]}</title>\n{"".join(lists)}\n'
    )
