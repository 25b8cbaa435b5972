"""How a receptive field grows through three 3×3 layers, with stride 1 and with stride 2; one row of
pixels each.
"""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel
from book.snippets.receptive import theoretical_receptive_field

PIXELS, CELL, ROW = 19, 16.0, 62
KERNEL, LAYERS = 3, 3

LABELS = {
    "ko": {
        "title": "층을 지날수록 넓어지는 수용 영역",
        "stride": "3×3 세 층, 스트라이드 {}",
        "input": "입력",
        "layer": "{}층",
        "field": "출력 한 칸이 보는 입력: {}픽셀",
    },
    "en": {
        "title": "A receptive field that grows from layer to layer",
        "stride": "three 3×3 layers, stride {}",
        "input": "input",
        "layer": "layer {}",
        "field": "one output unit sees {} pixels",
    },
}


def draw(say: dict[str, str]) -> list[Panel]:
    """A panel per stride: the output unit at the top, the pixels that it sees at the bottom."""
    return [_stack(say, stride) for stride in (1, 2)]


def _stack(say: dict[str, str], stride: int) -> Panel:
    panel = Panel(336, 318)
    panel.text(168, 14, say["stride"].format(stride), bold=True)
    left, middle = 15, PIXELS // 2
    for layer in range(LAYERS, -1, -1):
        y = 46 + (LAYERS - layer) * ROW
        step = stride**layer
        reach = sum((KERNEL - 1) // 2 * stride**below for below in range(layer, LAYERS))
        name = say["layer"].format(layer) if layer else say["input"]
        panel.text(left, y - 8, name, anchor="start", size=SMALL, kind="quiet")
        for pixel in range(middle % step, PIXELS, step):
            inside = abs(pixel - middle) <= reach
            x = left + pixel * CELL
            panel.box(x, y, CELL - 2, CELL - 2, "full-blue" if inside else "box")
            if layer and inside:
                below = y + ROW
                reads = [pixel + side * step // stride for side in (-1, 0, 1)]
                panel.lines(
                    [
                        ((x + CELL / 2 - 1, y + CELL - 2), (left + (k + 0.5) * CELL - 1, below))
                        for k in reads
                    ]
                )
        assert layer or 2 * reach + 1 == theoretical_receptive_field([(KERNEL, stride)] * LAYERS)
    total = theoretical_receptive_field([(KERNEL, stride)] * LAYERS)
    edge = (total - 1) / 2
    y = 46 + LAYERS * ROW + 26
    panel.line(
        (left + (middle - edge) * CELL, y),
        (left + (middle + edge + 1) * CELL - 2, y),
        kind="line-warm",
    )
    panel.text(168, y + 20, say["field"].format(total), bold=True)
    return panel
