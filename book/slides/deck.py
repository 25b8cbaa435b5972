"""A chapter's notebook as slides: what of each cell is shown is decided by what it is, not by hand.

    heading            starts a slide,
    a level 2 one a column of slides; the time below it becomes a badge
    paragraph          its first sentences below a heading; everything else into the speaker notes
    prediction         a box, its choices below; what answers it comes after, on demand
    formula, table, list, drawing, figure     shown
    code               one visible cell per section, the one that defines what the section is about
    answer to a prediction    its first sentences, under the figure or cell that shows it
    quiz               question and choices; the right answer into the notes
    "change it and look", references, folded code    left out

Sections that the lesson plan takes up come first, in the chapter's order; the others follow the end
of the lesson.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from book.bilingual.gates import timings
from book.bilingual.gates.wording import load as wording_of
from book.bilingual.lesson import drawn
from book.slides import code as codes
from book.slides.text import beginning, html, sentences, slug

LEAD, ANSWER, BELOW, ITEM = 190, 280, 160, 150  # characters of prose on a slide
ITEMS, ROWS, QUESTIONS = 6, 10, 3
# lines of code, and of what it prints: below a heading, of two cells, of a slide
SHORT, BOTH, FULL = 9, 14, 20
_DETAILS = re.compile(r"<details><summary>(.*?)</summary>\n(.*?)</details>", re.S)
_DRAWING = re.compile(
    r"^!\[(?P<alt>[^\]]+)\]\(https://\S+/_static/(?P<file>drawings/[\w-]+\.svg)\)$"
)
_DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{.*?\n\}\n", re.S)
_TIME = re.compile(r"^\*((?:심화 · |Going deeper · )?(?:약 \d+분|About \d+ minutes))\*$")
_QUIZ = re.compile(r'<div class="quiz" data-quiz="[\w-]+" data-right="(\d)">\n(.*)</div>', re.S)
_LISTED = re.compile(r"^(?:[-*]|\d+\.) +", re.M)
_WORDS = {
    "ko": {
        "answer": "예측과 맞춰 보기",
        "plan": "수업 계획 {}분",
        "exit": "나가기 전 질문",
        "more": "수업에서 다루지 않은 절",
        "right": "정답: {}",
    },
    "en": {
        "answer": "Check your prediction",
        "plan": "Lesson plan, {} min",
        "exit": "Exit question",
        "more": "Sections beyond the lesson",
        "right": "Right: {}",
    },
}
_EXIT = re.compile(
    r"^- \*\*(?:나가기 전 질문|Exit question)\.\*\* (.*?)(?: (?:답|Answer): (.*))?$", re.M
)


@dataclass
class Slide:
    """One slide: HTML parts in order; a `Code` part is shown as nbconvert shows code."""

    kind: str
    title: str
    parts: list[Any] = field(default_factory=list)  # str (HTML), Code or Later
    notes: list[str] = field(default_factory=list)  # Markdown
    badge: str = ""
    heading: bool = False  # the title is the slide's heading, else it is small print above
    level: int = 3


@dataclass(frozen=True)
class Code:
    """Source code on a slide."""

    source: str


@dataclass(frozen=True)
class Later:
    """HTML that appears on the next key press."""

    html: str


@dataclass
class Column:
    """A section: its slides are below each other."""

    anchor: str
    slides: list[Slide] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """A chapter's lesson plan in one language."""

    goal: str
    hints: dict[str, str]  # anchor of a section → what to do there, in Markdown
    rest: str  # what to cut, homework
    question: str
    answer: str


def read_plan(root: Path, lang: str, chapter: str) -> Plan:
    """The plan of `chapter` on the page of lesson plans."""
    page = (root / "notebooks" / lang / "lesson_plans.md").read_text("utf-8")
    for block in re.split(r"^(?=## )", page, flags=re.M):
        steps = [step for step in timings.steps(block) if step.chapter == chapter]
        if steps:
            hints: dict[str, str] = {}
            for step in steps:
                for at, anchor in enumerate(
                    re.findall(rf"\]\({chapter}\.ipynb#([^)]+)\)", step.text)
                ):
                    if at == 0 or anchor not in hints:
                        says = _WORDS[lang]["plan"].format(step.minutes)
                        hints[anchor] = f"**{says}.** {step.text}" if at == 0 else ""
            goal = block.split("\n\n")[1]
            asked = _EXIT.search(block)
            rest = [
                line
                for line in block.split("\n")
                if line.startswith("- ") and not _EXIT.match(line)
            ]
            question, answer = (asked[1], asked[2] or "") if asked else ("", "")
            return Plan(goal, hints, "\n".join(rest), question, answer)
    return Plan("", {}, "", "", "")


class Deck:
    """The slides of one chapter in one language."""

    def __init__(self, root: Path, notebook: NotebookNode, chapter: str, lang: str) -> None:
        self._root, self._lang, self._words = root, lang, _WORDS[lang]
        names = wording_of(root).names
        side = ("ko", "en").index(lang)
        self._asks = tuple(f"**{names[key][side]}**" for key in ("predict", "predict first"))
        self._answers = names["fold"][side]
        self._change = f"**{names['change'][side]}**"
        self._closing = [pair[side] for pair in wording_of(root).closing]
        self.plan = read_plan(root, lang, chapter)
        self.columns = [Column("")]
        self._title = ""  # of the section
        # what is not on the site: captions, which are in the notes, and playgrounds
        cells = [
            cell for cell in notebook.cells if "remove-cell" not in cell.metadata.get("tags", [])
        ]
        key = _key_cells(cells)
        for at, cell in enumerate(cells):
            if cell.cell_type == "code":
                self._code(cell, at in key)
            elif match := _QUIZ.search(cell.source):
                self._quiz(int(match[1]), match[2])
            else:
                self._prose(cell.source)
        self._order()

    # What stands in the notebook, from cell to cell

    def _slide(self, kind: str, **more: Any) -> Slide:
        slide = Slide(kind, self._title, **more)
        self.columns[-1].slides.append(slide)
        return slide

    @property
    def _last(self) -> Slide:
        return self.columns[-1].slides[-1]

    def _code(self, cell: NotebookNode, key: bool) -> None:
        if len(self.columns) == 1:
            return  # imports and helpers, before the first section
        figure, printed = _figure(cell), _printed(cell)
        if key:
            shown, slide = codes.excerpt(cell.source), self._last
            bare = slide.heading and "predict" not in str(slide.parts) and shown.count("\n") < SHORT
            if not (bare or slide.kind == "code") or any(
                isinstance(part, Later) for part in slide.parts
            ):
                slide = self._slide("code")
            slide.kind = "code"
            slide.parts.append(Code(shown))
            output = f"<pre class='output'>{escape(printed)}</pre>"
            if printed and printed.count("\n") < SHORT and not figure:
                if _lines(slide) + printed.count("\n") < FULL:
                    slide.parts.append(Later(output))
                else:
                    self._slide("code", parts=[output])
        if figure:
            shown = cell.metadata.get("mystnb", {})
            alt, caption = (
                shown.get(part, {}).get(key, "")
                for part, key in (("image", "alt"), ("figure", "caption"))
            )
            picture = (
                f'<img class="figure" src="data:image/png;base64,{figure}" alt="{escape(alt)}">'
            )
            self._slide("figure", parts=[picture], notes=[caption, alt])

    def _quiz(self, right: int, text: str) -> None:
        question, *choices = re.split(r"^- (?=\*\*[A-D]\.\*\*)", _DETAILS.sub("", text), flags=re.M)
        answers = _DETAILS.findall(text)
        items = "".join(f"<li>{html(choice)}</li>" for choice in choices)
        reason = answers[right][1].strip().split("\n\n")[0] if right < len(answers) else ""
        notes = [f"**{self._words['right'].format('ABCD'[right])}.** {reason}"]
        self._slide(
            "quiz", parts=[f"{html(question)}<ul class='choices'>{items}</ul>"], notes=notes
        )

    def _prose(self, text: str) -> None:
        blocks = _blocks(text)
        asked = changed = False
        for at, block in enumerate(blocks):
            details = _DETAILS.fullmatch(block)
            drawing = _DRAWING.match(block)
            if block.startswith("#"):
                self._heading(block)
                continue
            if self._title in self._closing:
                self._close(blocks[at:])
                return
            if block.startswith(self._change):
                changed = True
            elif details:
                if details[1] == self._answers:
                    self._answer(details[2].strip())
                changed = changed and details[1] == self._answers
            elif changed or (at and _DRAWING.match(blocks[at - 1])):
                continue  # a task's continuation; a drawing's caption, already taken
            elif _TIME.match(block):
                self._last.badge = block.strip("*")
            elif block.startswith(self._asks):
                self._predict(block)
                asked = True
            elif asked and block.startswith("- ( )"):
                items = "".join(
                    f"<li>{html(c.strip())}</li>" for c in block.split("- ( )") if c.strip()
                )
                self._last.parts.append(f"<ol class='choices'>{items}</ol>")
            elif drawing:
                self._drawing(drawing, blocks[at + 1] if at + 1 < len(blocks) else "")
            elif block.startswith("$$"):
                self._formula(block)
            elif block.startswith("|"):
                if block.count("\n") < ROWS + 2:
                    self._slide("table", parts=[html(block)])
            elif _LISTED.match(block):
                self._list(block)
            else:
                self._paragraph(block)

    def _heading(self, block: str) -> None:
        level, self._title = len(block.split(" ")[0]), block.lstrip("#").strip()
        if level == 2:
            self.columns.append(Column(slug(self._title)))
        slide = self._slide("section", heading=True, level=level)
        hint = self.plan.hints.get(slug(self._title))
        slide.notes += [hint] if hint else []
        if level == 1:
            slide.kind, slide.notes = "title", [self.plan.goal]

    def _paragraph(self, block: str) -> None:
        slide = self._last
        if slide.heading and not slide.parts:
            lead, rest = beginning(block, LEAD)
            slide.parts.append(html(lead))
            slide.notes += [rest] if rest else []
        else:
            slide.notes.append(block)

    def _predict(self, block: str) -> None:
        slide = self._last
        if not slide.heading or len(slide.parts) > 1:
            slide = self._slide("predict")
        slide.parts.append(f"<div class='predict'>{html(block)}</div>")

    def _answer(self, text: str) -> None:
        blocks = [b for b in _blocks(text) if not _DRAWING.match(b)]
        for at, block in enumerate(_blocks(text)):
            if drawing := _DRAWING.match(block):
                self._drawing(drawing, _blocks(text)[at + 1])
        plain = next((b for b in blocks if not b.startswith(("$$", "|", "- "))), "")
        slide = self._last
        below = slide.kind in ("figure", "code") and _lines(slide) <= BOTH
        shown, rest = beginning(plain, BELOW if below else ANSWER)
        said = f"<div class='answer'><b>{self._words['answer']}</b>{html(shown)}</div>"
        if below:
            slide.parts.append(Later(said))
        else:
            slide = self._slide("answer", parts=[said])
        slide.notes += [
            b for b in [rest, *blocks[1:]] if b and not b.startswith(("**그림", "**Figure"))
        ]

    def _drawing(self, match: re.Match[str], caption: str) -> None:
        svg = (self._root / drawn.FOLDER / Path(match["file"]).name).read_text("utf-8")
        svg = _DARK.sub("", re.sub(r"<title>.*?</title>\n?", "", svg))
        svg = svg.replace('role="img"', f'role="img" aria-label="{escape(match["alt"])}"', 1)
        self._slide(
            "drawing", parts=[f"<figure>{svg}<figcaption>{html(caption)}</figcaption></figure>"]
        )

    def _formula(self, block: str) -> None:
        slide = self._last
        if (
            not slide.heading
            or sum("formula" in str(part) for part in slide.parts)
            or "predict" in str(slide.parts)
        ):
            slide = self._slide("formula")
        slide.parts.append(html(block))

    def _list(self, block: str) -> None:
        items = _items(block)
        shown = "".join(f"<li>{html(beginning(item, ITEM)[0])}</li>" for item in items[:ITEMS])
        kind = "ol" if block[0].isdigit() else "ul"
        slide = self._last
        room = slide.heading and sum(len(str(part)) for part in slide.parts) < 600
        slide = slide if room else self._slide("list")
        slide.parts.append(f"<{kind}>{shown}</{kind}>")
        slide.notes.append(block)

    def _close(self, blocks: list[str]) -> None:
        """The end of a chapter: summary, self-check, what comes next; references are left out."""
        which = self._closing.index(self._title)
        if which == 3:
            self.columns.pop()
        elif which == 1:
            self._questions(blocks)
        else:
            for block in blocks:
                if block.startswith("#"):
                    self._heading(block)
                    return self._close(blocks[blocks.index(block) + 1 :])
                if _LISTED.match(block):
                    items = _items(block)
                    for first in range(0, len(items), ITEMS - 1):
                        slide = self._last if not first else self._slide("list")
                        part = "".join(
                            f"<li>{html(item)}</li>" for item in items[first : first + ITEMS - 1]
                        )
                        slide.parts.append(f"<ul>{part}</ul>")
                else:
                    self._last.parts.append(html(block))
        return None

    def _questions(self, blocks: list[str]) -> None:
        asked: list[tuple[str, str]] = []
        for at, block in enumerate(blocks):
            if block.startswith("#"):
                self._ask(asked)
                self._heading(block)
                self._close(blocks[at + 1 :])
                return
            details = _DETAILS.fullmatch(block)
            if details and asked:
                asked[-1] = (asked[-1][0], details[2].strip())
            else:
                asked.append((block, ""))
        self._ask(asked)

    def _ask(self, asked: list[tuple[str, str]]) -> None:
        for first in range(0, len(asked), QUESTIONS):
            slide = self._last if not first else self._slide("check")
            for question, answer in asked[first : first + QUESTIONS]:
                slide.parts.append(html(question))
                number = sentences(question)[0].split(" ")[0]
                slide.notes.append(f"{number} {answer}")

    # What comes first in a lesson

    def _order(self) -> None:
        first, *sections = self.columns
        ends = [c for c in sections if c.slides[0].title in self._closing]
        body = [c for c in sections if c not in ends]
        planned = [c for c in body if c.anchor in self.plan.hints] if self.plan.hints else body
        extra = [c for c in body if c not in planned]
        self._title = self._words["exit"]
        if self.plan.question:
            leave = Slide("exit", self._title, [html(self.plan.question)], heading=True, level=2)
            leave.notes = [self.plan.answer, self.plan.rest]
            ends.append(Column("", [leave]))
        if extra:
            names = "".join(f"<li>{html(c.slides[0].title)}</li>" for c in extra)
            more = Slide("more", self._words["more"], [f"<ul>{names}</ul>"], heading=True, level=2)
            extra.insert(0, Column("", [more]))
        self.columns = [first, *planned, *ends, *extra]


def _blocks(text: str) -> list[str]:
    """The blocks of Markdown: paragraphs, lists, tables, formulas; a fold is one block."""
    found: list[str] = []
    fold = False
    for block in re.split(r"\n{2,}", text.strip()):
        if fold:
            found[-1] += "\n\n" + block
        else:
            found.append(block.strip("\n"))
        fold = (fold or block.startswith("<details>")) and not block.rstrip().endswith("</details>")
    return found


def _items(block: str) -> list[str]:
    return [" ".join(item.split()) for item in _LISTED.split(block) if item.strip()]


def _figure(cell: NotebookNode) -> str:
    for output in cell.outputs:
        if "image/png" in output.get("data", {}):
            return str(output["data"]["image/png"]).replace("\n", "")
    return ""


def _printed(cell: NotebookNode) -> str:
    texts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return "\n".join(text.rstrip("\n") for text in texts if text)


def _key_cells(cells: list[NotebookNode]) -> set[int]:
    """One code cell for each section: the one that defines something, else the one that answers the
    prediction.

    Where both are short, both.
    """
    best: dict[int, tuple[int, int]] = {}
    answers: dict[int, int] = {}
    section = 0
    for at, cell in enumerate(cells):
        if cell.cell_type != "code":
            section += len(re.findall(r"^#{2,3} ", cell.source, re.M))
            continue
        shown = (
            codes.excerpt(cell.source) if "hide-input" not in cell.metadata.get("tags", []) else ""
        )
        if not shown or _figure(cell):
            continue
        score = 3 * bool(re.search(r"^(?:def|class) (?!_)", shown, re.M)) + 2 * bool(
            cell.metadata.get("collapsed")
        )
        # what a lesson is about
        score += 3 * bool(re.search(r"^class (?!_)|\.backward\(\)", shown, re.M))
        score += bool(_printed(cell)) - shown.startswith("#@title")
        if score > best.get(section, (0, 0))[0]:
            best[section] = (score, at)
        if cell.metadata.get("collapsed") and _printed(cell):
            answers.setdefault(section, at)
    found = {at for _, at in best.values()}
    for number, at in answers.items():
        key = best[number][1]
        if key < at and sum(_height(cells[i]) for i in (key, at)) <= BOTH:
            found.add(at)
    return found


def _lines(slide: Slide) -> int:
    """Lines of code, and of what it prints, on a slide."""
    texts = [
        part.source if isinstance(part, Code) else part.html
        for part in slide.parts
        if not isinstance(part, str)
    ]
    return sum(text.count("\n") + 1 for text in texts)


def _height(cell: NotebookNode) -> int:
    return codes.excerpt(cell.source).count("\n") + _printed(cell).count("\n") + 2
