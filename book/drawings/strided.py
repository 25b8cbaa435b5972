"""A strided convolution: the outputs that stride 1 computes, and those of them that stride 2
computes.
"""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel

SIDE, CELL, STRIDE = 8, 18, 2  # the 8×8 map of chapter 3

LABELS = {
    "ko": {
        "title": "스트라이드 합성곱은 건너뛰며 계산한다",
        "dense": "스트라이드 1",
        "strided": "스트라이드 {}",
        "computed": "{}칸 계산",
        "kept": "남는 칸",
        "dropped": "스트라이드 2가 계산하지 않는 칸",
    },
    "en": {
        "title": "A strided convolution computes every other output",
        "dense": "stride 1",
        "strided": "stride {}",
        "computed": "{} outputs computed",
        "kept": "kept",
        "dropped": "not computed at stride 2",
    },
}


def draw(say: dict[str, str]) -> list[Panel]:
    """One panel: all outputs on the left, every other one on the right."""
    panel = Panel(338, 250)
    small, left, right = SIDE // STRIDE, 8, 226
    wide = SIDE * CELL
    panel.text(left + wide / 2, 14, say["dense"], bold=True)
    panel.text(right + small * CELL / 2 + 8, 14, say["strided"].format(STRIDE), bold=True)
    panel.cells(left, 32, SIDE, SIDE, CELL)
    panel.cells(right + 8, 32 + (wide - small * CELL) / 2, small, small, CELL)
    for i in range(small):
        for j in range(small):
            panel.box(left + j * STRIDE * CELL, 32 + i * STRIDE * CELL, CELL, CELL, "full-blue")
            x, y = right + 8 + j * CELL, 32 + (wide - small * CELL) / 2 + i * CELL
            panel.box(x + 1, y + 1, CELL - 2, CELL - 2, "full-blue")
    panel.line((left + wide + 12, 32 + wide / 2), (right, 32 + wide / 2), arrow=True)
    panel.text(left + wide / 2, 44 + wide, say["computed"].format(SIDE * SIDE), size=SMALL)
    panel.text(
        right + small * CELL / 2 + 8, 44 + wide, say["computed"].format(small * small), size=SMALL
    )
    panel.box(30, 213, 14, 14, "full-blue")
    panel.text(52, 220, say["kept"], anchor="start", size=SMALL)
    panel.box(112, 213, 14, 14, "box")
    panel.text(134, 220, say["dropped"], anchor="start", size=SMALL)
    return [panel]
