"""What the first page shows: the phenomenon, from the course's own results, and the map of the
course with its hours.

`book/pages/index.md` says where: `<div class="course-phenomenon" lang="ko"></div>` and
`course-outline` likewise. The numbers are read from a study's rows whenever the page is written, so
the first page cannot say what no longer holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from statistics import mean
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from book.site.words import word

RESULTS = Path(__file__).resolve().parents[1] / "results" / "ch02_position.json"
SETTING = {"frame": "left, 33 px, zeros"}  # what chapter 2 shows
HEADS = ("flatten", "gap")
CHANCE = 0.25  # four shapes
# of English prose that is thought about; code is read more slowly, a line in 4 s
WORDS_A_MINUTE = 200
LINES_A_MINUTE = 15
_LESSON = re.compile(r"notebooks/(ko|en)/(ch|ex)(\d\d)_\w+")
_PLACE = re.compile(r'<div class="course-(phenomenon|outline)" lang="(ko|en)"></div>')
_SAID = re.compile(r"(\d+)분 안팎|About (\d+) minutes")
# below a section's heading
_SECTION = re.compile(r"(?:심화 · )?약 (\d+)분|(?:Going deeper · )?About (\d+) minutes")


def scores(path: Path = RESULTS) -> tuple[dict[tuple[str, str], float], int]:
    """Mean accuracy by (head, "seen" or "unseen") after training on one half of the image, and over
    how many seeds.

    Raises `ValueError` where the study has no such rows any more.
    """
    rows = [row for row in json.loads(path.read_text("utf-8"))["rows"] if row.get("length", 1) == 1]
    rows = [row for row in rows if all(row.get(key) == value for key, value in SETTING.items())]
    chosen = {head: [row for row in rows if row["head"] == head] for head in HEADS}
    if not all(chosen.values()):
        raise ValueError(
            f"{path.name} has no rows with {SETTING} for {', '.join(HEADS)}, and the first page"
            " shows them: name the rows that it should show in book/site/front.py"
        )
    means = {
        (head, side): mean(row[side] for row in chosen[head])
        for head in HEADS
        for side in ("seen", "unseen")
    }
    return means, min(map(len, chosen.values()))


def phenomenon(lang: str) -> str:
    """Two networks, trained with objects on the left: what they make of objects on the left and on
    the right.
    """
    means, seeds = scores()
    halves = []
    for side in ("seen", "unseen"):
        bars = "".join(_bar(word(lang, f"head {head}"), means[head, side]) for head in HEADS)
        halves.append(
            f"<div>{_scene(side, lang)}<p"
            f' class="course-scene-title">{word(lang, side)}</p>{bars}</div>'
        )
    caption = word(lang, "phenomenon", seeds, f"{CHANCE:.0%}")
    figure = f'<figure class="course-phenomenon"><div class="course-halves">{"".join(halves)}</div>'
    return f"{figure}<figcaption>{caption}</figcaption></figure>\n"


def _bar(name: str, share: float) -> str:
    chance = f'<path d="M{100 * CHANCE:g} 0V8"/>'
    bar = (
        '<svg class="course-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
    )
    bar += f'<rect width="{100 * share:.1f}" height="8"/>{chance}</svg>'
    return f'<p class="course-barred">{name} <strong>{share:.0%}</strong>{bar}</p>'


def _scene(side: str, lang: str) -> str:
    x = 17 if side == "seen" else 47
    return (
        '<svg class="course-scene" viewBox="0 0 64 64" width="96" height="96" role="img" '
        f'aria-label="{word(lang, side)}"><rect x="0.5" y="0.5" width="63" height="63"/>'
        '<path d="M32 1V63"/><path class="course-shape" '
        f'd="M{x} 22L{x + 10} 40H{x - 10}Z"/></svg>'
    )


def remember(app: Sphinx, doctree: nodes.document) -> None:
    """Called for each page as it is read: how long it takes to read, or how long an assignment says
    that it takes.
    """
    lesson = _LESSON.fullmatch(app.env.docname)
    if lesson:
        _minutes(app.env)[app.env.docname] = minutes(doctree, lesson[2])


def merge(app: Sphinx, env: Any, docnames: set[str], other: Any) -> None:
    """Called where pages were read by another process."""
    _minutes(env).update(
        {name: found for name, found in _minutes(other).items() if name in docnames}
    )


def _minutes(env: Any) -> dict[str, int]:
    if not hasattr(env, "course_minutes"):
        env.course_minutes = {}
    return env.course_minutes  # type: ignore[no-any-return]


def minutes(doctree: nodes.document, kind: str) -> int:
    """How long a chapter ("ch") or an assignment ("ex") says that it takes; else how long it takes
    to read.
    """
    stated = [_SECTION.fullmatch(text.astext()) for text in doctree.findall(nodes.emphasis)]
    if kind == "ch" and any(stated):
        return sum(int(match[1] or match[2]) for match in stated if match)
    if kind == "ex":
        said = _SAID.search(doctree.astext())
        return int(said[1] or said[2]) if said else 0
    prose, lines = 0, 0
    for text in doctree.findall(nodes.Text):
        if not _inside(text, nodes.literal_block) and not _inside(text, nodes.raw):
            prose += len(text.split())
    for block in doctree.findall(nodes.literal_block):
        if not any(parent.get("hide_mode") for parent in _parents(block)):
            lines += block.astext().count("\n") + 1
    return round(prose / WORDS_A_MINUTE + lines / LINES_A_MINUTE)


def _parents(node: nodes.Node) -> list[nodes.Element]:
    found, parent = [], node.parent
    while parent is not None:
        found.append(parent)
        parent = parent.parent
    return found


def _inside(node: nodes.Node, kind: type[nodes.Element]) -> bool:
    return any(isinstance(parent, kind) for parent in _parents(node))


def course_map(app: Sphinx, lang: str, uri: Callable[[str], str]) -> str:
    """The chapters with their assignments, and how long each takes; the hours are those of the
    English text.
    """
    known, lines, total = _minutes(app.env), [], 0
    for page in app.env.course_pages[lang]:  # type: ignore[attr-defined]
        lesson = _LESSON.fullmatch(page)
        if not lesson:
            continue
        spent = _rounded(known.get(page.replace("/ko/", "/en/"), 0))
        total += spent
        title = escape(app.env.titles[page].astext())
        kind = "course-outline-chapter" if lesson[2] == "ch" else "course-outline-exercise"
        number = f"{int(lesson[3])}. " if lesson[2] == "ch" else ""
        time = f"<span>{word(lang, 'minutes', spent)}</span>" if spent else ""
        lines.append(f'<li class="{kind}"><a href="{uri(page)}">{number}{title}</a> {time}</li>')
    summary = f"<p>{word(lang, 'hours', round(total / 60))}</p>" if total else ""
    return f'<ul class="course-outline">{"".join(lines)}</ul>{summary}\n'


def _rounded(spent: int) -> int:
    return max(5, 5 * round(spent / 5)) if spent else 0


def insert(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill the places that the first page names. Called for each page as it is written."""
    if docname != app.config.root_doc or app.builder.format != "html":
        return

    def fill(match: re.Match[str]) -> str:
        if match[1] == "phenomenon":
            return phenomenon(match[2])
        return course_map(app, match[2], lambda page: app.builder.get_relative_uri(docname, page))

    for raw in list(doctree.findall(nodes.raw)):
        text = _PLACE.sub(fill, raw.astext())
        if text != raw.astext():
            raw.parent.replace(raw, nodes.raw("", text, format="html"))


def setup(app: Sphinx) -> None:
    """Called by `book.site.extension`."""
    app.connect("doctree-read", remember)
    app.connect("env-merge-info", merge)
    app.connect("doctree-resolved", insert, priority=500)
