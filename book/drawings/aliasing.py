"""A sampled stripe: every other value of a fine pattern, where the pattern falls now and one pixel
on.
"""

from __future__ import annotations

import math

from book.drawings.canvas import SMALL, Panel

COUNT, STEP = 16, 19

LABELS = {
    "ko": {
        "title": "한 칸씩 건너뛰며 읽은 줄무늬",
        "fine": "주기 {}칸",
        "kept": "두 칸마다 하나씩 남긴 값",
        "looks": "남은 값에서는 주기가 {}칸",
        "blur": "블러를 거친 뒤",
        "moved": "주기 2칸, 한 칸 민 뒤",
        "white": "모두 흰색",
        "black": "모두 검은색",
        "gray": "어디에 걸려도 회색",
    },
    "en": {
        "title": "A stripe read at every other cell",
        "fine": "period of {} cells",
        "kept": "every other value",
        "looks": "what is kept has a period of {} cells",
        "blur": "after a blur",
        "moved": "period of 2 cells, moved by one",
        "white": "all white",
        "black": "all black",
        "gray": "gray, wherever it falls",
    },
}


def draw(say: dict[str, str]) -> list[Panel]:
    """A wave too fine for every other cell, and the slow one that turns up; the finest stripes,
    moved or not.
    """
    return [_wave(say), _stripes(say)]


def alias_of(period: float, step: int) -> float:
    """Period, in cells, at which samples `step` cells apart show a wave of `period` cells: the
    nearest frequency.
    """
    frequency = 1 / period
    folded = abs(frequency - round(frequency * step) / step)
    return 1 / folded


def _wave(say: dict[str, str]) -> Panel:
    period = 16 / 7  # seven waves in sixteen cells
    seen = alias_of(period, 2)
    panel = Panel(330, 250)
    panel.text(165, 14, say["fine"].format(f"{period:.1f}"), bold=True)
    left, middle, high = 14, 72, 34

    def value(x: float, length: float) -> float:
        return math.cos(2 * math.pi * x / length)

    def curve(length: float, y: float) -> list[tuple[float, float]]:
        return [
            (left + k * STEP / 8, y - high * value(k / 8, length)) for k in range(8 * COUNT + 1)
        ]

    panel.line(*curve(period, middle), kind="line-blue")
    below = 182
    panel.text(165, 132, say["looks"].format(f"{seen:g}"))
    panel.line(*curve(seen, below), kind="dashed")
    for k in range(0, COUNT + 1, 2):
        x = left + k * STEP
        panel.circle(x, middle - high * value(k, period), 5, "full-warm")
        panel.circle(x, below - high * value(k, period), 5, "full-warm")
    panel.circle(100, 236, 5, "full-warm")
    panel.text(112, 236, say["kept"], anchor="start", size=SMALL, kind="quiet")
    return panel


def _stripes(say: dict[str, str]) -> Panel:
    panel = Panel(330, 250)
    rows = [(say["fine"].format(2), 0, say["white"]), (say["moved"], 1, say["black"])]
    for number, (name, moved, result) in enumerate(rows):
        y = 14 + number * 88
        panel.text(165, y, name, bold=True)
        for k in range(COUNT):
            panel.box(13 + k * STEP, y + 16, STEP, 22, "white" if (k + moved) % 2 == 0 else "black")
            if k % 2 == 0:
                panel.circle(13 + (k + 0.5) * STEP, y + 27, 4, "full-warm")
        panel.line((13, y + 16), (13 + COUNT * STEP, y + 16), kind="thin")
        panel.line((13, y + 38), (13 + COUNT * STEP, y + 38), kind="thin")
        panel.text(165, y + 56, result)
    panel.text(165, 190, say["blur"], bold=True)
    panel.box(13, 206, COUNT * STEP, 22, "gray")
    panel.text(165, 240, say["gray"])
    return panel
