"""Two tasks in one network: one backbone, two separate ones, two whose features are
concatenated.
"""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel

LABELS = {
    "ko": {
        "title": "두 작업이 백본을 공유하는 세 가지 방법",
        "one": "백본 하나",
        "separate": "백본 둘, 공유 없음",
        "concatenated": "백본 둘, 이어 붙임",
        "image": "이미지",
        "backbone": "백본",
        "features": "특징(GAP)",
        "domain": "도메인",
        "category": "범주",
    },
    "en": {
        "title": "Three ways for two tasks to share a backbone",
        "one": "one backbone",
        "separate": "two, separate",
        "concatenated": "two, concatenated",
        "image": "image",
        "backbone": "backbone",
        "features": "features (GAP)",
        "domain": "domain",
        "category": "category",
    },
}
LEFT, RIGHT, MIDDLE = 58, 158, 108


def draw(say: dict[str, str]) -> list[Panel]:
    """A panel per way: image above, heads below."""
    return [_one(say), _two(say, "separate", joined=False), _two(say, "concatenated", joined=True)]


def _start(say: dict[str, str], name: str) -> Panel:
    panel = Panel(216, 312)
    panel.text(MIDDLE, 14, say[name], bold=True)
    panel.block(MIDDLE, 34, 80, say["image"], "box")
    return panel


def _heads(panel: Panel, say: dict[str, str]) -> None:
    panel.block(LEFT, 276, 88, say["domain"], "warm")
    panel.block(RIGHT, 276, 88, say["category"], "green")


def _one(say: dict[str, str]) -> Panel:
    panel = _start(say, "one")
    panel.line((MIDDLE, 62), (MIDDLE, 92), arrow=True)
    panel.shape(
        (MIDDLE - 66, 94), (MIDDLE + 66, 94), (MIDDLE + 40, 158), (MIDDLE - 40, 158), kind="blue"
    )
    panel.text(MIDDLE, 126, say["backbone"])
    panel.line((MIDDLE, 160), (MIDDLE, 184), arrow=True)
    _vector(panel, MIDDLE, 8, ("blue",))
    panel.text(MIDDLE, 222, say["features"], size=SMALL, kind="quiet")
    for head in (LEFT, RIGHT):
        panel.line((MIDDLE, 234), (head, 274), arrow=True)
    _heads(panel, say)
    return panel


def _two(say: dict[str, str], name: str, *, joined: bool) -> Panel:
    panel = _start(say, name)
    for x, color in ((LEFT, "warm"), (RIGHT, "green")):
        panel.line((MIDDLE + (x - MIDDLE) / 3, 62), (x, 92), arrow=True)
        panel.shape((x - 44, 94), (x + 44, 94), (x + 26, 158), (x - 26, 158), kind=color)
        panel.text(x, 122, say["backbone"], size=SMALL)
        if joined:
            panel.line((x, 160), (MIDDLE + (32 if x == RIGHT else -32), 184), arrow=True)
        else:
            panel.line((x, 160), (x, 184), arrow=True)
            _vector(panel, x, 4, (color,))
    if joined:
        _vector(panel, MIDDLE, 8, ("warm", "green"))
        panel.text(MIDDLE, 222, say["features"], size=SMALL, kind="quiet")
    else:  # two lines: one would touch the arrows on both sides
        what, _, how = say["features"].partition("(")
        panel.text(MIDDLE, 232, what.strip(), size=SMALL, kind="quiet")
        panel.text(MIDDLE, 248, f"({how}", size=SMALL, kind="quiet")
    for head in (LEFT, RIGHT):
        panel.line((MIDDLE, 234) if joined else (head, 210), (head, 274), arrow=True)
    _heads(panel, say)
    return panel


def _vector(panel: Panel, middle: float, cells: int, colors: tuple[str, ...]) -> None:
    """A row of cells; two colors share it half and half."""
    size, each = 16, cells // len(colors)
    for number, color in enumerate(colors):
        panel.cells(middle - cells * size / 2 + number * each * size, 190, 1, each, size, color)
