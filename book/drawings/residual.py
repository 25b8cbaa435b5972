"""The residual block in five variants (He et al. 2015 and 2016), each from top to bottom."""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel

LABELS = {
    "ko": {
        "title": "잔차 블록의 다섯 가지 모양",
        "plain": "숏컷 없음",
        "identity": "항등 숏컷",
        "projection": "투영 숏컷",
        "bottleneck": "병목 블록",
        "pre": "사전 활성화",
        "conv": "{} 합성곱",
        "halved": "{} 합성곱, /2",
        "narrow": "1×1, 좁히기",
        "wide": "1×1, 넓히기",
        "bn": "배치 정규화",
    },
    "en": {
        "title": "Five variants of the residual block",
        "plain": "plain",
        "identity": "identity shortcut",
        "projection": "projection shortcut",
        "bottleneck": "bottleneck",
        "pre": "pre-activation",
        "conv": "{} conv",
        "halved": "{} conv, /2",
        "narrow": "1×1, narrow",
        "wide": "1×1, widen",
        "bn": "batch norm",
    },
}
MIDDLE, SIDE, STEP, HIGH = 66, 146, 32, 24
START = 62


def draw(say: dict[str, str]) -> list[Panel]:
    """One panel per variant."""
    conv, norm = say["conv"].format("3×3"), say["bn"]
    body = [conv, norm, "ReLU", conv, norm]
    halved = [say["halved"].format("3×3"), *body[1:]]
    narrow = [say["narrow"], norm, "ReLU", conv, norm, "ReLU", say["wide"], norm]
    before = [norm, "ReLU", conv, norm, "ReLU", conv]
    projection = [say["halved"].format("1×1"), norm]
    return [
        _block(say, "plain", body, shortcut=None),
        _block(say, "identity", body, shortcut=[]),
        _block(say, "projection", halved, shortcut=projection),
        _block(say, "bottleneck", narrow, shortcut=[]),
        _block(say, "pre", before, shortcut=[], last=False),
    ]


def draw_basic(say: dict[str, str]) -> list[Panel]:
    """The two blocks of assignment 4, to scale with the others."""
    return draw(say)[1:3]


def _block(
    say: dict[str, str],
    name: str,
    body: list[str],
    *,
    shortcut: list[str] | None,
    last: bool = True,
) -> Panel:
    """A block; `shortcut` lists its layers, [] for an identity, None for no shortcut; `last` is the
    ReLU behind it.
    """
    wide, side = (244, 184) if shortcut else (158, SIDE)
    high = START + STEP * len(body) + 40 + (22 if shortcut is not None else 0) + (36 if last else 0)
    panel = Panel(wide, high)
    panel.text(wide / 2, 12, say[name], bold=True)
    panel.text(MIDDLE, 36, "x", size=16)
    y = START
    panel.line((MIDDLE, 45), (MIDDLE, y), arrow=True)
    for layer in body:
        panel.block(MIDDLE, y, 110, layer, _kind(say, layer), height=HIGH)
        panel.line((MIDDLE, y + HIGH), (MIDDLE, y + STEP))
        y += STEP
    if shortcut is not None:
        plus = y + 12
        panel.line((MIDDLE, y), (MIDDLE, plus - 9), arrow=True)
        path = [(MIDDLE, 52.0), (side, 52.0), (side, plus), (MIDDLE + 10, plus)]
        panel.line(*path, kind="line-warm", arrow=True)
        for number, layer in enumerate(shortcut):
            panel.block(
                side, START + 40 + number * STEP, 100, layer, _kind(say, layer), height=HIGH
            )
        panel.circle(MIDDLE, plus, 10)
        panel.text(MIDDLE, plus, "+", size=16)
        panel.text(MIDDLE - 16, plus, "F(x)", size=SMALL, kind="quiet", anchor="end")
        y = plus + 10
    if last:
        panel.line((MIDDLE, y), (MIDDLE, y + 12), arrow=True)
        panel.block(MIDDLE, y + 12, 110, "ReLU", "green", height=HIGH)
        y += 12 + HIGH
    panel.line((MIDDLE, y), (MIDDLE, y + 16), arrow=True)
    panel.text(
        MIDDLE,
        y + 27,
        "H(x)" if not last else "ReLU(H(x))" if shortcut is not None else "y",
        size=SMALL,
    )
    return panel


def _kind(say: dict[str, str], layer: str) -> str:
    return "green" if layer == "ReLU" else "box" if layer == say["bn"] else "blue"
