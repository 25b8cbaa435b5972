"""Frozen, partial, full: which parts of a pretrained network train, and where running statistics
drift.
"""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel

# from the output down; the top four of 16 blocks, as in chapter 6
PARTS = ("head", "last", "top", "lower", "stem")

LABELS = {
    "ko": {
        "title": "무엇이 학습되고 무엇이 바뀌는가",
        "frozen": "동결",
        "trap": "동결 + train()",
        "partial": "부분 미세 조정",
        "full": "전체 미세 조정",
        "head": "헤드",
        "last": "마지막 1×1",
        "top": "블록 13~16",
        "lower": "블록 1~12",
        "stem": "스템",
        "image": "이미지",
        "trains": "학습됨",
        "fixed": "그대로",
        "kept": "이동 통계량 그대로",
        "drifts": "이동 통계량이 바뀜",
    },
    "en": {
        "title": "What trains and what drifts",
        "frozen": "frozen",
        "trap": "frozen + train()",
        "partial": "partial fine-tuning",
        "full": "full fine-tuning",
        "head": "head",
        "last": "last 1×1",
        "top": "blocks 13–16",
        "lower": "blocks 1–12",
        "stem": "stem",
        "image": "image",
        "trains": "trains",
        "fixed": "stays",
        "kept": "statistics stay",
        "drifts": "statistics drift",
    },
}
TRAINED = {
    "frozen": {"head"},
    "trap": {"head"},
    "partial": {"head", "last", "top"},
    "full": set(PARTS),
}


def draw(say: dict[str, str]) -> list[Panel]:
    """A panel per way, and the key."""
    return [_way(say, way, trained) for way, trained in TRAINED.items()]


def _way(say: dict[str, str], way: str, trained: set[str]) -> Panel:
    panel = Panel(160, 352)
    panel.text(80, 14, say[way], bold=True)
    y = 34
    for part in PARTS:
        high = 52 if part == "lower" else 30
        panel.block(70, y, 112, say[part], "warm" if part in trained else "box", height=high)
        if part != "head":  # every other part holds batch normalization
            panel.circle(146, y + high / 2, 7, "full-warm" if way == "trap" else "box")
        panel.line((70, y + high + 14), (70, y + high), arrow=True)
        y += high + 14
    panel.text(70, y + 8, say["image"], size=SMALL)
    key = {"box": "fixed", "warm": "trains"} if way in ("frozen", "partial") else {}
    dots = {"box": "kept", "full-warm": "drifts"} if way in ("trap", "full") else {}
    for number, (kind, name) in enumerate(key.items()):
        panel.box(14, y + 26 + number * 22, 16, 14, kind, round=3)
        panel.text(38, y + 33 + number * 22, say[name], anchor="start", size=SMALL)
    for number, (kind, name) in enumerate(dots.items()):
        panel.circle(22, y + 33 + number * 22, 7, kind)
        panel.text(38, y + 33 + number * 22, say[name], anchor="start", size=SMALL)
    return panel
