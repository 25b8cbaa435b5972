"""Figures in the page's language: `book/labels.yml` holds the Korean of every label that a figure
shows.

A lesson's code is shared, so a figure is drawn once in English. While the build runs the lesson,
each figure that is shown is drawn a second time with its labels replaced, in the kernel, and the
Korean edition takes that picture. Readers who run the cell themselves, in Colab for one, which has
no Korean font, get English labels; the caption says in Korean what they mean.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = "book/labels.yml"
Labels = dict[str, str | None]  # as the figure has it → in Korean; None: nobody has said
_FORMULA = re.compile(r"\$[^$]*\$")
_WORD = re.compile(r"[A-Za-z]{2,}")

# Runs in the kernel, which knows nothing of this project. `{}` in a label stands for any text.
_HELPER = r"""
def __course_draw_twice__(table, font):
    import re
    from IPython.core import pylabtools
    from matplotlib import font_manager, rc_context, rcParams, text
    font_manager.findfont(font, fallback_to_default=False)
    patterns = [(re.compile("(.+?)".join(map(re.escape, label.split("{}"))), re.DOTALL), korean)
                for label, korean in table.items() if "{}" in label]

    def translated(label):
        if label in table:
            return table[label]
        for pattern, korean in patterns:
            if match := pattern.fullmatch(label):
                return korean.format(*(translated(part) or part for part in match.groups()))
        return None

    shown_once, get_text = pylabtools.print_figure, text.Text.get_text

    def print_figure(figure, *given, **options):
        shown, labels = shown_once(figure, *given, **options), {}

        def in_korean(self):
            label = get_text(self)
            if label.strip():
                labels[label] = translated(label)
            return labels.get(label) or label

        for each in figure.findobj(text.Text):
            each.set_family([*each.get_family(), font])
        text.Text.get_text = in_korean
        try:
            with rc_context({"font.family": [*rcParams["font.family"], font]}):
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


def helper(root: Path) -> str:
    """What the kernel runs before the first cell. Raises there if the font is missing."""
    given = ", ".join(
        f"__import__('json').loads({json.dumps(json.dumps(each))})" for each in (table(root), FONT)
    )
    return f"{_HELPER}\n__course_taken__ = __course_draw_twice__({given})\n"


def pictures(taken: str) -> list[Picture]:
    """What `TAKEN` gave, in the order in which the figures were shown."""
    return [
        Picture(png, {label: korean for label, korean in labels.items() if has_words(label)})
        for png, labels in json.loads(taken)
    ]


def has_words(label: str) -> bool:
    """Whether there is something to translate, outside formulas."""
    return bool(_WORD.search(_FORMULA.sub("", label)))


def in_korean(outputs: list[dict[str, Any]], drawn: list[Picture]) -> list[dict[str, Any]]:
    """`outputs` of a cell with its figures replaced."""
    left = iter(drawn)
    return [
        {**output, "data": {**output["data"], "image/png": next(left).png}}
        if "image/png" in output.get("data", {})
        else output
        for output in outputs
    ]
