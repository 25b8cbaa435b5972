"""Playgrounds in notebooks: a cell whose output is the site's playground, whole, so that it works
in Colab and Jupyter without the site.

The page inside an `<iframe srcdoc>` keeps its script and styles from the notebook's. Of the site's
script and styles it holds what that one playground needs: the statements that its name leads to.
The glass network, which weighs as much as all others, is only linked.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import escape
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from book.bilingual.lesson.drawn import address
from book.site import plays, words
from book.site.measured import NUMBERS

STATIC = plays.PICTURES.parent
LINKED = {"glass"}
_HEADING = re.compile(r"^#+ +(.+?) *$", re.M)
_STATEMENT = re.compile(r"  (?:const (\w+)|(plays\.\w+))")
_MEMBER = re.compile(r"    (\w+)[:(]")
# What `course.js` gives to all pages.
_MAKE = (
    "const make = (tag, properties = {}, ...children) => { const element ="
    " Object.assign(document.createElement(tag), properties); element.append(...children);"
    " return element; };"
)
# The notebook's page may be dark where the device is not, and its cell as high as needed; where the
# notebook is another site's to the output, the device's colors and a scroll bar do.
_FIT = (
    "try { const [r, g, b] = getComputedStyle(frameElement).color.match(/\\d+/g).map(Number);"
    ' root.dataset.theme = r + g + b > 382 ? "dark" : "light"; new ResizeObserver(() => {'
    ' frameElement.style.height = document.body.offsetHeight + "px"; }).observe(document.body);'
    " } catch { /* alone */ }"
)


class Placer:
    """Hands out the cells of a lesson's playgrounds, each where its section ends."""

    def __init__(self, root: Path, page: str, lang: str) -> None:
        self._root, self._page, self._lang = root, page, lang
        places = plays.PLACES.get(page, {})
        self._sections = {titles[lang == "en"]: play for play, titles in places.items()}
        self._due: list[str] = []

    def before(self, text: str) -> list[NotebookNode]:
        """The cells that stand before a Markdown cell, because the section ends there."""
        titles = _HEADING.findall(text)
        ended = self.rest() if titles else []
        self._due += [self._sections[title] for title in titles if title in self._sections]
        return ended

    def rest(self) -> list[NotebookNode]:
        """The cells that are still due where the lesson ends."""
        due, self._due = self._due, []
        return [cell for play in due for cell in self._cells(play)]

    def _cells(self, play: str) -> list[NotebookNode]:
        title, about = (texts[play][self._lang == "en"] for texts in (plays.TITLES, plays.WITHOUT))
        page = f"notebooks/{self._lang}/{self._page}.html#play-{play}"
        key = "play linked" if play in LINKED else "play below"
        text = words.word(self._lang, key, title, about, address(self._root) + page)
        skipped = {"tags": ["remove-cell"]}  # the site has its own
        cells = [new_markdown_cell(text, id=f"play-{play}-about", metadata=skipped)]
        if play in LINKED:
            return cells
        html = frame(play, self._lang)
        code = f'#@title {title}\nfrom IPython.display import HTML\n\nHTML(r"""{html}""")'
        data = {"text/html": html, "text/plain": "<IPython.core.display.HTML object>"}
        output = new_output("execute_result", data=data, execution_count=0)
        folded = {"cellView": "form", "jupyter": {"source_hidden": True}, **skipped}
        # not of the lesson's run, though nbval runs it
        run = {"id": f"play-{play}", "execution_count": 0, "metadata": folded, "outputs": [output]}
        return [*cells, new_code_cell(code, **run)]


def is_embedded(cell: NotebookNode) -> bool:
    """Whether the cell was put there by a `Placer`, not by the lesson."""
    return str(cell.id).startswith("play-")


def frame(play: str, lang: str) -> str:
    """The playground as HTML on one line that needs nothing else."""
    inner = escape(document(play, lang), quote=False).replace("'", "&#39;")
    title = escape(plays.TITLES[play][lang == "en"])
    look = "width: 100%; height: 600px; border: 0"
    return f'<div><iframe title="{title}" style="{look}" srcdoc=\'{inner}\'></iframe></div>'


def document(play: str, lang: str) -> str:
    """The page in the frame, on one line."""
    script = _script(play)
    numbers = f" data-numbers='{json.dumps(NUMBERS[play]())}'" if play in NUMBERS else ""
    title = escape(plays.TITLES[play][lang == "en"], quote=False)
    box = (
        f'<div class="course-play" data-play="{play}"{numbers}><p class="course-play-title"'
        f' id="title">{title}</p></div>'
    )
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8">'
        f"<style>{_styles(box + script)}</style>{box}<script>{script}</script></html>"
    )


def _script(play: str) -> str:
    """What `start` and the playground call, in the order of `plays.js`."""
    kept = needed(_statements(), {"start", f"plays.{play}"})
    return (
        '"use strict"; const root = document.documentElement, ko = root.lang === "ko"; '
        f'{_MAKE} {" ".join(kept)} start(document.querySelector(".course-play")); {_FIT}'
    )


@lru_cache(maxsize=1)
def _statements() -> tuple[tuple[str, str], ...]:
    """Name and text of each statement of `plays.js`, one per line of its own indentation; the
    functions of `math` are taken apart.
    """
    lines = (STATIC / "plays.js").read_text("utf-8").split("\n")
    found: list[list[str]] = []
    for line in (line for line in lines if not line.lstrip().startswith("//")):
        inside = bool(found) and found[-1][0].startswith("math")
        begins = _STATEMENT.match(line)
        member = _MEMBER.match(line) if inside else None
        if begins or member:
            name = (begins[1] or begins[2]) if begins else f"math.{member[1]}" if member else ""
            found.append([name, line.strip()])
        elif inside and line.startswith("  }"):
            found.append(["math end", line.strip()])
        elif found and line.startswith("  "):
            found[-1][1] += f" {line.strip()}"
    return tuple((name, text) for name, text in found if name not in ("make", "here", "ko"))


def needed(statements: tuple[tuple[str, str], ...], wanted: set[str]) -> list[str]:
    """The texts of the statements called `wanted`, and of those whose names they use."""
    always = {"plays", "math", "math end"}
    named, more = set[str](), wanted
    while more:
        named |= more
        text = " ".join(text for name, text in statements if name in named)
        used = set(re.findall(r"math\.\w+|\w+", text))
        more = {name for name, _ in statements if name in used} - named - always
    return [text for name, text in statements if name in named | always]


def _styles(used: str) -> str:
    """The rules of `course.css` for all pages and for the playgrounds' classes that occur."""
    css = (STATIC / "course.css").read_text("utf-8")
    base = css[css.index(":root {") : css.index("/* The frame. */")]
    own = css[css.index("/* Playgrounds. */") : css.index("/* The glass network. */")]
    kept = [
        line.strip()
        for line in re.sub(r"/\*.*?\*/", "", base + own, flags=re.S).split("\n")
        if all(name in used for name in re.findall(r"\.(course-[\w-]+)", line.split("{")[0]))
        and not re.match(r"  (?:scroll|--header)", line)
    ]
    return " ".join([*filter(None, kept), ".course-play { margin: 0; }"])
