"""Function classes: a larger network need not contain the smaller one; where it does, more depth
cannot fit worse.
"""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel

LABELS = {
    "ko": {
        "title": "포개진 함수 모음과 포개지지 않은 함수 모음",
        "apart": "포개지지 않은 경우",
        "nested": "포개진 경우",
        "target": "목표",
        "worse": "커져도 목표에서 멀어질 수 있음",
        "better": "커져도 멀어지지는 않음",
    },
    "en": {
        "title": "Function classes, nested and not",
        "apart": "not nested",
        "nested": "nested",
        "target": "target",
        "worse": "larger may still be farther away",
        "better": "larger is never farther away",
    },
}
TARGET = (258.0, 92.0)
NESTED = ((120.0, 150.0, 34), (132.0, 146.0, 62), (146.0, 140.0, 92))
APART = ((190.0, 110.0, 34), (110.0, 90.0, 52), (104.0, 182.0, 60))
COLORS = ("blue", "warm", "green")


def draw(say: dict[str, str]) -> list[Panel]:
    """Three classes that do not contain one another; three that do."""
    return [_classes(say, "apart", "worse", APART), _classes(say, "nested", "better", NESTED)]


def _classes(
    say: dict[str, str], name: str, caption: str, circles: tuple[tuple[float, float, int], ...]
) -> Panel:
    panel = Panel(330, 276)
    panel.text(165, 14, say[name], bold=True)
    for (x, y, radius), color in reversed(list(zip(circles, COLORS, strict=True))):
        panel.circle(x, y, radius, color)
    for number, ((x, y, radius), color) in enumerate(zip(circles, COLORS, strict=True), start=1):
        dx, dy = TARGET[0] - x, TARGET[1] - y
        length = (dx * dx + dy * dy) ** 0.5
        near = (x + dx / length * radius, y + dy / length * radius)
        panel.line(near, TARGET, kind=f"line-{color}")
        panel.circle(*near, 4, f"full-{color}")
        panel.text(
            x - radius * 0.62, y - (radius * 0.62 if number > 1 else 0), f"F{number}", size=SMALL
        )
    panel.circle(*TARGET, 6, "full")
    panel.text(TARGET[0] + 12, TARGET[1] - 18, say["target"])
    panel.text(165, 256, say[caption])
    return panel
