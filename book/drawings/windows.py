"""A window that slides over a map in steps, and what it leaves; with stride 1 and with stride 2."""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel

SIZE_IN, KERNEL, CELL = 5, 3, 26

LABELS = {
    "ko": {
        "title": "스트라이드만큼 움직이는 윈도우",
        "stride": "스트라이드 {}",
        "input": "입력 {0}×{0}",
        "output": "출력 {0}×{0}",
        "steps": "윈도우가 놓이는 왼쪽 위 칸",
        "window": "{0}×{0} 윈도우",
    },
    "en": {
        "title": "A window that moves by its stride",
        "stride": "stride {}",
        "input": "input {0}×{0}",
        "output": "output {0}×{0}",
        "steps": "upper left cells of the window",
        "window": "{0}×{0} window",
    },
}


def draw(say: dict[str, str]) -> list[Panel]:
    """A panel per stride, each with the first window, the second and the last."""
    return [_stride(say, stride) for stride in (1, 2)]


def _stride(say: dict[str, str], stride: int) -> Panel:
    out = (SIZE_IN - KERNEL) // stride + 1
    panel = Panel(330, 230)
    panel.text(165, 14, say["stride"].format(stride), bold=True, size=16)
    left, top = 10, 58
    panel.text(left + SIZE_IN * CELL / 2, 42, say["input"].format(SIZE_IN))
    panel.cells(left, top, SIZE_IN, SIZE_IN, CELL)
    right, middle = 242, top + (SIZE_IN - out) * CELL / 2
    panel.text(right + out * CELL / 2, 42, say["output"].format(out))
    panel.cells(right, middle, out, out, CELL)
    places = [(0, 0, "blue"), (0, 1, "warm"), (out - 1, out - 1, "green")]
    for i, j, color in places:
        panel.box(right + j * CELL, middle + i * CELL, CELL, CELL, color)
        x, y, side = left + j * stride * CELL, top + i * stride * CELL, KERNEL * CELL
        panel.box(x, y, side, side, f"full-{color}", fade=0.16)
        inset = {"blue": 0, "warm": 2.5, "green": 0}[color]
        corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
        shrunk = [
            (px + (inset if px == x else -inset), py + (inset if py == y else -inset))
            for px, py in corners
        ]
        panel.line(*shrunk, kind=f"line-{color}")
    panel.line((left + SIZE_IN * CELL + 14, top + 65), (right - 14, top + 65), arrow=True)
    panel.text(
        (left + SIZE_IN * CELL + right) / 2, top + 48, say["window"].format(KERNEL), size=SMALL
    )
    for i in range(out):
        for j in range(out):
            panel.circle(
                left + (j * stride + 0.5) * CELL, top + (i * stride + 0.5) * CELL, 3.5, "full"
            )
    panel.circle(40, 216, 3.5, "full")
    panel.text(50, 216, say["steps"], anchor="start", size=SMALL, kind="quiet")
    return panel
