"""Figures in the page's language: `book/labels.yml` holds the Korean of every label that a figure
shows.

A lesson's code is shared, so a figure is drawn once in English. While the build runs the lesson,
each figure that is shown is drawn a second time with its labels replaced, in the kernel, and the
Korean edition takes that picture. Readers who run the cell themselves, in Colab for one, which has
no Korean font, get English labels; the caption says in Korean what they mean.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = "book/labels.yml"
Labels = dict[str, str | None]  # as the figure has it → in Korean; None: nobody has said
_FORMULA = re.compile(r"\$[^$]*\$")
_WORD = re.compile(r"[A-Za-z]{2,}")

# Runs in the kernel, which knows nothing of this project, after `translated`.
_HELPER = r"""
def __course_draw_twice__(table, font):
    from IPython.core import pylabtools
    from matplotlib import font_manager, rc_context, rcParams, text
    font_manager.findfont(font, fallback_to_default=False)
    shown_once, get_text = pylabtools.print_figure, text.Text.get_text

    def print_figure(figure, *given, **options):
        shown, labels = shown_once(figure, *given, **options), {}

        def in_korean(self):
            label = get_text(self)
            if label.strip():
                labels[label] = translated(label, table)
            seen = labels.get(label) or label
            # the font has no minus
            return seen if "$" in seen else seen.replace("\u2212", "\u2013")

        for each in figure.findobj(text.Text):
            each.set_family([font, *each.get_family()])
            each.set_linespacing(1.35)
        text.Text.get_text = in_korean
        try:
            with rc_context({"font.family": [font, *rcParams["font.family"]]}):
                again = shown_once(figure, *given, **options)
        finally:
            text.Text.get_text = get_text
        pictures.append([again, labels])
        return shown

    pylabtools.print_figure = print_figure
    pictures = []

    def taken():
        import json
        text = json.dumps(pictures)
        pictures.clear()
        return text

    return taken
"""
TAKEN = "__course_taken__()"
PNG = "image/png"
FONT = "NanumGothic"  # of Debian's package fonts-nanum


@dataclass(frozen=True)
class Picture:
    """A figure with Korean labels: base64 of the PNG, and the labels that hold words."""

    png: str
    labels: Labels = field(default_factory=dict)


@cache
def _read(path: Path, changed: int) -> dict[str, str]:
    found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {str(label): str(korean) for label, korean in found.items()}


def table(root: Path) -> dict[str, str]:
    """Label → Korean; empty for a course without `FILE`."""
    path = root / FILE
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


def translated(label: str, table: dict[str, str]) -> str | None:
    """The Korean of a label; None where the table has none. `{}` in a key stands for any text, and
    in its value for the same, translated where it is a label itself. Runs in the kernel, too.
    """
    import re

    if label in table:
        return table[label]
    for key, korean in table.items():
        pattern = "(.+?)".join(map(re.escape, key.split("{}")))
        if "{}" in key and (match := re.fullmatch(pattern, label, re.DOTALL)):
            return korean.format(*(translated(part, table) or part for part in match.groups()))
    return None


def helper(root: Path) -> str:
    """What the kernel runs before the first cell. Raises there if the font is missing."""
    given = ", ".join(
        f"__import__('json').loads({json.dumps(json.dumps(each))})" for each in (table(root), FONT)
    )
    start = f"__course_taken__ = __course_draw_twice__({given})\n"
    return f"{inspect.getsource(translated)}\n{_HELPER}\n{start}"


def pictures(taken: str) -> list[Picture]:
    """What `TAKEN` gave, in the order in which the figures were shown."""
    return [
        Picture(png, {label: korean for label, korean in labels.items() if has_words(label)})
        for png, labels in json.loads(taken)
    ]


def has_words(label: str) -> bool:
    """Whether there is something to translate, outside formulas."""
    return bool(_WORD.search(_FORMULA.sub("", label)))


def figures(outputs: Iterable[Mapping[str, Any]]) -> list[str]:
    """The pictures among the outputs of a cell, in base64."""
    return [out["data"][PNG] for out in outputs if PNG in out.get("data", {})]


def with_figures(outputs: list[dict[str, Any]], pictures: list[str]) -> list[dict[str, Any]]:
    """`outputs` of a cell with its figures replaced by as many `pictures`."""
    left = iter(pictures)
    return [
        {**out, "data": {**out["data"], PNG: next(left)}} if PNG in out.get("data", {}) else out
        for out in outputs
    ]
