"""Batch normalization: over which axes it takes mean and variance, and where it takes them from in
each mode.
"""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel

SAMPLES, CHANNELS, SIDE, CELL = 3, 4, 3, 14

LABELS = {
    "ko": {
        "title": "배치 정규화의 축과 두 가지 모드",
        "axes": "평균과 분산을 구하는 범위",
        "channel": "채널 {}",
        "sample": "샘플 {}",
        "one": "채널 하나, 모든 샘플, 모든 위치",
        "modes": "어디에서 온 통계량으로 나눌까",
        "train": "학습 모드",
        "eval": "평가 모드",
        "batch": "배치의 통계량으로\n정규화",
        "running": "이동 통계량으로\n정규화",
        "output": "출력",
        "update": "조금씩 고침",
    },
    "en": {
        "title": "Batch normalization: its axes and its two modes",
        "axes": "what mean and variance are taken over",
        "channel": "ch. {}",
        "sample": "sample {}",
        "one": "one channel, all samples, all positions",
        "modes": "whose statistics are used",
        "train": "training mode",
        "eval": "evaluation mode",
        "batch": "normalized with\nbatch statistics",
        "running": "normalized with\nrunning statistics",
        "output": "output",
        "update": "updates a little",
    },
}


def draw(say: dict[str, str]) -> list[Panel]:
    """The axes; the two modes."""
    return [_axes(say), _modes(say)]


def _axes(say: dict[str, str]) -> Panel:
    panel = Panel(336, 276)
    panel.text(168, 14, say["axes"], bold=True)
    for c in range(CHANNELS):
        panel.text(102 + c * 60 + 21, 42, say["channel"].format(c), size=SMALL)
    for n in range(SAMPLES):
        y = 58 + n * 60
        panel.text(88, y + 21, say["sample"].format(n), anchor="end", size=SMALL)
        for c in range(CHANNELS):
            panel.cells(102 + c * 60, y, SIDE, SIDE, CELL, "warm" if c == 1 else "box")
    x, y = 102 + 60 - 7, 51
    corners = [(x, y), (x + 56, y), (x + 56, y + 176), (x, y + 176), (x, y)]
    panel.line(*corners, kind="line-warm")
    panel.text(168, 252, say["one"])
    return panel


def _modes(say: dict[str, str]) -> Panel:
    panel = Panel(336, 276)
    panel.text(168, 14, say["modes"], bold=True)
    for x, mode in ((84, "train"), (252, "eval")):
        panel.text(x, 42, say[mode])
        panel.block(x, 58, 60, "x", "box")
        panel.block(x, 212, 90, say["output"], "blue")
    for x, what, kind in ((84, "batch", "warm"), (252, "running", "green")):
        panel.line((x, 88), (x, 126), arrow=True)
        panel.block(x, 128, 142, say[what], kind, height=46)
        panel.line((x, 176), (x, 210), arrow=True)
    panel.line((157, 151), (179, 151), kind="line-warm", arrow=True)
    panel.text(168, 112, say["update"], size=SMALL, kind="in-warm")
    return panel
