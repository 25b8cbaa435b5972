"""One feature map, two heads: flattened into a fully connected layer, or pooled into one number per
channel.
"""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel
from book.drawings.facts import head_bill

CHANNELS, SIDE, CLASSES = 128, 16, 10  # of chapter 2's bill
COLORS = ("blue", "warm", "green")

LABELS = {
    "ko": {
        "title": "평탄화 헤드와 GAP 헤드",
        "flatten": "평탄화 헤드",
        "gap": "GAP 헤드",
        "map": "마지막 특징 맵",
        "flat vector": "한 줄로 편 벡터: 값 {}개",
        "gap vector": "채널마다 평균 하나: 값 {}개",
        "every cell": "칸과 클래스마다 가중치 하나",
        "every channel": "채널과 클래스마다 가중치 하나",
        "classes": "클래스 {}개의 점수",
        "bill": "파라미터 {}개",
    },
    "en": {
        "title": "A flatten head and a GAP head",
        "flatten": "Flatten head",
        "gap": "GAP head",
        "map": "last feature map",
        "flat vector": "laid out in a row: {} values",
        "gap vector": "one mean per channel: {} values",
        "every cell": "one weight per cell and class",
        "every channel": "one weight per channel and class",
        "classes": "scores of {} classes",
        "bill": "{} parameters",
    },
}


SIDE_SHOWN = 4  # a drawn map has 4×4 cells; three of the channels are drawn


def draw(say: dict[str, str]) -> list[Panel]:
    """Flatten on the left, GAP on the right: the same map above, the bill below."""
    length, flat_bill, gap_bill = head_bill(CHANNELS, SIDE, CLASSES)
    flat = _head(
        say,
        say["flatten"],
        say["flat vector"].format(f"{length:,}"),
        say["every cell"],
        3 * SIDE_SHOWN**2,
        flat_bill,
    )
    gap = _head(
        say, say["gap"], say["gap vector"].format(CHANNELS), say["every channel"], 3, gap_bill
    )
    return [flat, gap]


def _head(
    say: dict[str, str], name: str, vector: str, weights: str, values: int, bill: int
) -> Panel:
    panel = Panel(330, 372)
    panel.text(165, 14, name, bold=True, size=16)
    panel.text(165, 38, f"{say['map']}: {CHANNELS}×{SIDE}×{SIDE}", kind="quiet", size=SMALL)
    step, cell = 84, 16
    for i, color in enumerate(COLORS):
        panel.cells(30 + i * step, 54, SIDE_SHOWN, SIDE_SHOWN, cell, color)
    panel.text(296, 86, "…", size=18)
    width = 5.2 if values > 3 else cell
    row, each = 182, values // 3
    starts = [_start(i, step, each * width) for i in range(3)]
    for start, color, i in zip(starts, COLORS, range(3), strict=True):
        middle = 30 + i * step + 2 * cell
        panel.line((middle, 122), (start + each * width / 2, row - 10), arrow=True)
        (
            panel.cells(start, row - 6, 1, each, width, color)
            if values == 3
            else _strip(panel, start, row, width, color)
        )
    panel.text(296, row + 2, "…", size=18)
    panel.text(165, row + 26, vector)
    outs = [48 + i * 26 for i in range(CLASSES)]
    heads = [start + (k + 0.5) * width for start in starts for k in range(each)]
    panel.lines([((x, row + 42), (out, 284)) for x in heads for out in outs], "faint")
    for out in outs:
        panel.circle(out, 292, 7)
    panel.text(165, 314, say["classes"].format(CLASSES))
    panel.text(165, 337, weights, kind="quiet", size=SMALL)
    panel.text(165, 359, say["bill"].format(f"{bill:,}"), bold=True)
    return panel


def _start(number: int, step: float, width: float) -> float:
    return 30 + number * step + 32 - width / 2


def _strip(panel: Panel, x: float, y: float, width: float, color: str) -> None:
    panel.box(x, y - 6, width * SIDE_SHOWN**2, 14, color)
    panel.lines([((x + k * width, y - 6), (x + k * width, y + 8)) for k in range(1, SIDE_SHOWN**2)])
