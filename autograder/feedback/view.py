"""What a graded notebook and its rows in the gradebook say to the student: plain data, in one
language, worst first.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from autograder.engine import clean
from autograder.verdict import METADATA as VERDICT

MAX_SHOWN = 20_000  # characters of a cell's source or of an answer
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_HANGUL = re.compile("[가-힣]")
_PICTURE = re.compile(r"!\[[^\]\n]*\]\(attachment:([^)\s]+)\)")


@dataclass(frozen=True)
class Row:
    """A graded cell in the gradebook; points. `waiting`: a person still has to look at it."""

    score: float
    max_score: float
    waiting: bool = False
    extra: float = 0.0
    comment: str = ""


@dataclass(frozen=True)
class Totals:
    """A hand-in in the gradebook, in points; `score` is what the student gets, the penalty taken
    off.
    """

    score: float
    max_score: float
    penalty: float = 0.0


@dataclass
class Part:
    """One function, or several that failed in the same way; `hints` maps a hint to the tests that
    gave it.
    """

    names: list[str]
    score: float = 0.0
    max_score: float = 0.0
    hints: dict[str, list[str]] = field(default_factory=dict)
    cells: list[Shown] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """A student's cell: its source, and what it printed (text, or a picture as a `data:`
    address).
    """

    source: str
    outputs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """A cell that a person grades; `pieces`: text, or a picture as a `data:` address."""

    row: Row
    pieces: tuple[tuple[str, str], ...]
    empty: bool


@dataclass(frozen=True)
class View:
    """The whole page."""

    language: str
    title: str
    totals: Totals
    wrong: list[Part]
    right: list[Part]
    answers: list[Answer]
    errors: list[Shown]  # cells that are not graded and ended in an error


def language_of(notebook: NotebookNode) -> str:
    """`ko` or `en`: the edition in which the hand-in was written, as the notebook says; by the
    prose that came with it where that is lost.
    """
    known = (notebook.metadata.get("course") or {}).get("lang")
    if known in ("ko", "en"):
        return str(known)
    prose = "".join(
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown" and not _meta(cell).get("solution")
    )
    return "ko" if len(_HANGUL.findall(prose)) > len(prose) / 10 else "en"


def said(cell: NotebookNode, language: str) -> str:
    """A test cell's hint, in one language. The engine has put it into the cell's metadata; where
    stock nbgrader has graded, it is in the error: a Korean line and an English one, advice the
    same.
    """
    hint = (cell.metadata.get(VERDICT) or {}).get("hint") or {}
    if hint.get(language):
        return str(hint[language])
    errors = [
        output.evalue or output.ename
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    lines = [line.strip() for line in errors[0].splitlines() if line.strip()] if errors else []
    if len(lines) < 2:
        return "".join(lines)
    korean = [line for line in lines if _HANGUL.search(line)]
    english = [line for line in lines if line not in korean]
    if not korean or not english:  # an error's own words can be Korean on the English line, too
        korean, english = lines[::2], lines[1::2]
    return " ".join(korean if language == "ko" else english)


def build(notebook: NotebookNode, rows: Mapping[str, Row], totals: Totals) -> View:
    """The page of a graded notebook. `rows`: by grade id; a solution cell's row holds its comment
    alone.
    """
    language = language_of(notebook)
    parts, answers = _parts(notebook, rows, language), []
    for cell in notebook.cells:
        name, meta = str(_meta(cell).get("grade_id") or ""), _meta(cell)
        if cell.cell_type == "markdown" and meta.get("grade") and name in rows:
            pieces = tuple(_pieces(cell))
            answers.append(
                Answer(rows[name], pieces, "No response" in rows[name].comment or not pieces)
            )
        elif meta.get("solution") and name in parts:
            parts[name].cells.append(_shown(cell))
            if name in rows and rows[name].comment and "No response" not in rows[name].comment:
                parts[name].comments.append(rows[name].comment)
    wrong = [part for part in parts.values() if part.score < part.max_score]
    right = [part for part in parts.values() if part.score >= part.max_score]
    return View(
        language, _title(notebook), totals, _together(wrong), right, answers,
        [_shown(cell) for cell in notebook.cells if not _meta(cell) and _failed(cell)][:5],
    )  # fmt: skip


def _meta(cell: NotebookNode) -> Any:
    return cell.metadata.get("nbgrader") or {}


def _title(notebook: NotebookNode) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source[2:].splitlines()[0]).replace("`", "").strip()
    return ""


def _failed(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _parts(notebook: NotebookNode, rows: Mapping[str, Row], language: str) -> dict[str, Part]:
    """By function, in the notebook's order: a test's grade id is `test_<function>` or
    `test_<function>__<aspect>`.
    """
    parts: dict[str, Part] = {}
    for cell in notebook.cells:
        meta = _meta(cell)
        name = str(meta.get("grade_id") or "")
        if cell.cell_type != "code" or not meta.get("grade") or name not in rows:
            continue
        row, function = rows[name], name.removeprefix("test_").partition("__")[0]
        part = parts.setdefault(function, Part([function]))
        part.score += row.score
        part.max_score += row.max_score
        if row.score < row.max_score:
            aspect = name.partition("__")[2]
            part.hints.setdefault(said(cell, language), []).append(aspect)
    return parts


def _together(parts: list[Part]) -> list[Part]:
    """Functions that failed with the very same words in one part, such as all of an unreadable
    notebook.
    """
    found: dict[tuple[str, ...], Part] = {}
    for part in parts:
        same = found.setdefault(tuple(part.hints), part)
        if same is not part:
            same.names += part.names
            same.score += part.score
            same.max_score += part.max_score
            same.hints = {hint: [] for hint in same.hints}
            same.cells += part.cells
            same.comments += part.comments
    return list(found.values())


def _shown(cell: NotebookNode) -> Shown:
    return Shown(clean.text(cell.source, MAX_SHOWN), tuple(_outputs(cell)))


def _outputs(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    for output in clean.outputs(cell.get("outputs", [])):
        if output.output_type == "stream":
            yield "text", output.text
        elif output.output_type == "error":
            yield "text", _ANSI.sub("", f"{output.ename}: {output.evalue}")
        else:
            for mime in ("image/png", "image/jpeg"):
                if mime in output.data:
                    yield "picture", f"data:{mime};base64,{output.data[mime]}"
                    break
            else:
                yield "text", str(output.data.get("text/plain", ""))


def _pieces(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    """An answer's text as it was typed, with the pictures that were pasted into it in their
    places.
    """
    parts = _PICTURE.split(html.unescape(clean.text(cell.source, MAX_SHOWN)))
    pasted = cell.get("attachments") or {}
    for number, part in enumerate(parts):
        if number % 2 == 0:
            if part.strip():
                yield "text", part.strip().replace("\u2060", "")
            continue
        made = [
            {"output_type": "display_data", "data": dict(pasted.get(part) or {}), "metadata": {}}
        ]
        for output in clean.outputs(made):
            for mime in ("image/png", "image/jpeg"):
                if mime in output.data:
                    yield "picture", f"data:{mime};base64,{output.data[mime]}"
                    break
