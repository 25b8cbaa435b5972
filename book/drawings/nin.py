"""Two orders of one computation: GAP and a linear layer, or a 1×1 convolution and GAP (Network in
Network).
"""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel

CHANNELS = ("blue", "blue", "blue")
CLASSES = ("warm", "green")
SIDE, CELL, SPACE = 4, 15, 24
CENTER, RIGHT = 138, 290

LABELS = {
    "ko": {
        "title": "1×1 합성곱 헤드",
        "linear": "GAP 다음 선형층",
        "conv": "1×1 합성곱 다음 GAP",
        "maps": "특징 맵: 채널마다 한 장",
        "vector": "채널마다 값 하나",
        "class maps": "점수 맵: 클래스마다 한 장",
        "scores": "클래스마다 점수 하나",
        "gap": "GAP",
        "weights": "같은 가중치",
        "each cell": "칸마다\n같은 가중치",
    },
    "en": {
        "title": "A head of 1×1 convolutions",
        "linear": "GAP, then linear",
        "conv": "1×1 convolution, then GAP",
        "maps": "feature maps: one per channel",
        "vector": "one value per channel",
        "class maps": "score maps: one per class",
        "scores": "one score per class",
        "gap": "GAP",
        "weights": "the same\nweights",
        "each cell": "at each cell,\nthe same\nweights",
    },
}


def draw(say: dict[str, str]) -> list[Panel]:
    """The linear layer behind GAP; the same weights in front of it."""
    return [_linear(say), _conv(say)]


def _middles(count: int) -> list[float]:
    step = SIDE * CELL + SPACE
    return [CENTER + (number - (count - 1) / 2) * step for number in range(count)]


def _maps(panel: Panel, y: float, colors: tuple[str, ...], chosen: bool) -> None:
    for middle, color in zip(_middles(len(colors)), colors, strict=True):
        left = middle - SIDE * CELL / 2
        panel.cells(left, y, SIDE, SIDE, CELL, color)
        if chosen:
            panel.box(left + CELL, y + CELL, CELL, CELL, f"full-{color}")


def _values(panel: Panel, y: float, colors: tuple[str, ...]) -> None:
    for middle, color in zip(_middles(len(colors)), colors, strict=True):
        panel.box(middle - 9, y, 18, 18, f"full-{color}")


def _start(name: str, maps: str) -> Panel:
    panel = Panel(338, 326)
    panel.text(CENTER, 14, name, bold=True, size=16)
    panel.text(CENTER, 40, maps, size=SMALL, kind="quiet")
    return panel


def _linear(say: dict[str, str]) -> Panel:
    panel = _start(say["linear"], say["maps"])
    _maps(panel, 54, CHANNELS, chosen=False)
    for middle in _middles(3):
        panel.line((middle, 118), (middle, 150), arrow=True)
    panel.text(RIGHT, 134, say["gap"], size=SMALL)
    _values(panel, 154, CHANNELS)
    panel.text(CENTER, 188, say["vector"], size=SMALL, kind="quiet")
    for out, color in zip(_middles(2), CLASSES, strict=True):
        panel.lines([((middle, 198), (out, 268)) for middle in _middles(3)], f"line-{color}")
    panel.text(RIGHT, 236, say["weights"], size=SMALL)
    _values(panel, 270, CLASSES)
    panel.text(CENTER, 308, say["scores"], size=SMALL, kind="quiet")
    return panel


def _conv(say: dict[str, str]) -> Panel:
    panel = _start(say["conv"], say["maps"])
    _maps(panel, 54, CHANNELS, chosen=True)
    _maps(panel, 162, CLASSES, chosen=True)  # before the lines, which end inside
    for out, color in zip(_middles(2), CLASSES, strict=True):
        ends = [
            ((middle - CELL / 2, 54 + 2 * CELL), (out - CELL / 2, 162 + CELL))
            for middle in _middles(3)
        ]
        panel.lines(ends, f"line-{color}")
    panel.text(RIGHT, 134, say["each cell"], size=SMALL)
    panel.text(CENTER, 236, say["class maps"], size=SMALL, kind="quiet")
    for middle in _middles(2):
        panel.line((middle, 246), (middle, 266), arrow=True)
    panel.text(RIGHT, 256, say["gap"], size=SMALL)
    _values(panel, 270, CLASSES)
    panel.text(CENTER, 308, say["scores"], size=SMALL, kind="quiet")
    return panel
