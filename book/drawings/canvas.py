"""Panels to draw on, and the file that they make: plain SVG, text as text, light and dark.

One unit is one CSS pixel where there is room. A panel is at most `WIDEST` units wide, so that a
phone of 360 px shows it almost full-size; text that would leave its panel is refused. Colors are
the classes of the lines that begin with `.course-drawing` in the site's style sheet, which is the
only place where they are chosen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from pathlib import Path

WIDEST = 340  # units: a phone of 360 px, less the page's margins
GAP = 20  # units between panels in the file
SIZE, SMALL = 14, 12  # font sizes
STYLES = Path(__file__).parents[1] / "site/static/course.css"
_FONTS = (
    'system-ui, "Apple SD Gothic Neo", "Noto Sans KR", "Malgun Gothic", "NanumGothic", sans-serif'
)
_RULE = re.compile(r"^\.course-drawing (text|\.d-[^{]*\{)(.*)$", re.M)
_COLOR = re.compile(r"(--[\w-]+): light-dark\((#\w+), (#\w+)\)")

Point = tuple[float, float]


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a line is, in units; rather too wide than too narrow."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    narrow = sum(letter in " .,:;|()[]il1'·" for letter in text)
    ems = 0.95 * wide + 0.36 * narrow + 0.6 * (len(text) - wide - narrow)
    return ems * size * (1.06 if bold else 1)


class Panel:
    """One picture of a drawing, `width` × `height` units, origin at the top left."""

    def __init__(self, width: float, height: float) -> None:
        if width > WIDEST:
            raise ValueError(
                f"a panel of {width} units does not fit a phone; make it at most {WIDEST}, or two"
                " panels"
            )
        self.width, self.height = width, height
        self.parts: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: str = "middle",
        size: float = SIZE,
        bold: bool = False,
        kind: str = "",
        turn: float = 0,
    ) -> None:
        """Lines of text, the middle of the first at `y`. Raises `ValueError` where one would leave
        the panel.
        """
        for number, line in enumerate(text.split("\n")):
            at = y + number * size * 1.3
            wide = text_width(line, size, bold)
            left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
            inside = (
                left >= -1 and left + wide <= self.width + 1 and at + size * 0.6 <= self.height + 1
            )
            if not turn and not inside:
                raise ValueError(
                    f"the label {line!r} at ({x:g}, {at:g}) leaves its panel of {self.width:g}"
                    " units"
                )
            more = f' text-anchor="{anchor}"' if anchor != "start" else ""
            more += ' font-weight="600"' if bold else ""
            more += f' class="d-{kind}"' if kind else ""
            more += f' transform="rotate({turn:g} {x:g} {at:g})"' if turn else ""
            shown = escape(line, quote=False)
            self.parts.append(
                f'<text x="{_n(x)}" y="{_n(at + size * 0.35)}"'
                f' font-size="{size:g}"{more}>{shown}</text>'
            )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        kind: str = "box",
        *,
        round: float = 0,
        fade: float = 1,
    ) -> None:
        """A rectangle; `fade` is the opacity of its fill."""
        more = (f' rx="{round:g}"' if round else "") + (
            f' fill-opacity="{fade:.2g}"' if fade < 1 else ""
        )
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
            f' class="d-{kind}"{more}/>'
        )

    def block(
        self, x: float, y: float, width: float, text: str, kind: str = "box", *, height: float = 28
    ) -> None:
        """A rounded box centered at `x`, its top at `y`, with a text in it."""
        self.box(x - width / 2, y, width, height, kind, round=5)
        lines = text.count("\n")
        self.text(x, y + height / 2 - lines * SIZE * 0.65, text)

    def circle(self, x: float, y: float, radius: float, kind: str = "box") -> None:
        """A disc around a point."""
        self.parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" class="d-{kind}"/>')

    def line(self, *points: Point, kind: str = "line", arrow: bool = False) -> None:
        """A line through the points, with a head at its end where it is an arrow."""
        self.parts.append(f'<path d="{_path(points)}" class="d-{kind}"/>')
        if arrow:
            self._head(points[-2], points[-1], kind)

    def lines(self, pairs: Iterable[tuple[Point, Point]], kind: str = "thin") -> None:
        """Many separate lines as one element."""
        self.parts.append(f'<path d="{"".join(_path(pair) for pair in pairs)}" class="d-{kind}"/>')

    def shape(self, *points: Point, kind: str = "box", fade: float = 1) -> None:
        """A closed polygon."""
        more = f' fill-opacity="{fade:.2g}"' if fade < 1 else ""
        self.parts.append(f'<path d="{_path(points)}z" class="d-{kind}"{more}/>')

    def cells(
        self, x: float, y: float, rows: int, columns: int, size: float, kind: str = "box"
    ) -> None:
        """A grid of equal cells, its top left corner at (x, y)."""
        wide, high = columns * size, rows * size
        self.box(x, y, wide, high, kind)
        across = [((x, y + i * size), (x + wide, y + i * size)) for i in range(1, rows)]
        down = [((x + i * size, y), (x + i * size, y + high)) for i in range(1, columns)]
        if across + down:
            self.lines(across + down)

    def _head(self, before: Point, end: Point, kind: str) -> None:
        dx, dy = end[0] - before[0], end[1] - before[1]
        length = (dx * dx + dy * dy) ** 0.5
        dx, dy = dx / length, dy / length
        left = (end[0] - 8 * dx - 4 * dy, end[1] - 8 * dy + 4 * dx)
        right = (end[0] - 8 * dx + 4 * dy, end[1] - 8 * dy - 4 * dx)
        self.parts.append(f'<path d="{_path((end, left, right))}z" class="d-{kind} d-head"/>')


def document(panels: list[Panel], columns: int, lang: str, title: str) -> str:
    """The file: panels in rows of `columns`, on a ground of their own, which notebooks in the dark
    need.
    """
    rows = [panels[at : at + columns] for at in range(0, len(panels), columns)]
    widths = [sum(panel.width for panel in row) + GAP * (len(row) - 1) for row in rows]
    wide, y, inner = max(widths) + 2 * GAP, float(GAP), []
    for row, width in zip(rows, widths, strict=True):
        x = (wide - width) / 2
        for panel in row:
            w, h = _n(panel.width), _n(panel.height)
            box = f'x="{_n(x)}" y="{_n(y)}" width="{w}" height="{h}" viewBox="0 0 {w} {h}"'
            inner.append("\n".join([f'<svg class="d-panel" {box}>', *panel.parts, "</svg>"]))
            x += panel.width + GAP
        y += max(panel.height for panel in row) + GAP
    size = f'width="{_n(wide)}" height="{_n(y)}" viewBox="0 0 {_n(wide)} {_n(y)}"'
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" class="course-drawing" xml:lang="{lang}"'
                f' role="img" {size}>'
            ),
            f"<title>{escape(title)}</title>",
            f'<style type="text/css">\n{styles()}\n</style>',
            f'<rect width="{_n(wide)}" height="{_n(y)}" rx="8" class="d-ground"/>',
            *inner,
            "</svg>\n",
        ]
    )


def styles() -> str:
    """The style sheet of a file: the site's rules for drawings, their colors written out, light and
    dark.
    """
    sheet = STYLES.read_text("utf-8")
    rules = [match[1] + match[2] for match in _RULE.finditer(sheet)]
    light = {name: value for name, value, _ in _COLOR.findall(sheet)}
    dark = {name: value for name, _, value in _COLOR.findall(sheet)}

    def colored(colors: dict[str, str]) -> str:
        return "\n".join(
            re.sub(r"var\((--[\w-]+)\)", lambda match: colors[match[1]], rule) for rule in rules
        )

    fonts = f"text {{ font-family: {_FONTS}; }}"
    return f"{fonts}\n{colored(light)}\n@media (prefers-color-scheme: dark) {{\n{colored(dark)}\n}}"


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(value: float) -> str:
    return f"{round(value, 1):g}"
