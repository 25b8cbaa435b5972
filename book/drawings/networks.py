"""VGG16 and ResNet-50 to scale: maps as tall as their sides, as thick as their channels, parameters
as bars.
"""

from __future__ import annotations

from book.drawings.canvas import SMALL, Panel
from book.drawings.facts import Stage, resnet50, vgg16

PER_PIXEL = 0.62  # units of height per pixel of a map's side
PER_CHANNEL = 0.024  # units of width per channel; a map is drawn at least `THINNEST` thick
THINNEST = 3.0
ROW = 22
MOST = 110_000_000  # parameters of the longest bar, rounded up

LABELS = {
    "ko": {
        "title": "축척에 맞추어 그린 VGG16과 ResNet-50",
        "maps": "높이: 맵의 한 변, 두께: 채널 수",
        "parameters": "파라미터(백만 개)",
        "total": "모두 {}개",
    },
    "en": {
        "title": "VGG16 and ResNet-50 to scale",
        "maps": "height: side of the map, width: channels",
        "parameters": "parameters (millions)",
        "total": "{} in all",
    },
}


def draw(say: dict[str, str]) -> list[Panel]:
    """A panel per network, on one scale."""
    return [_network(say, "VGG16", vgg16()), _network(say, "ResNet-50", resnet50())]


def _network(say: dict[str, str], name: str, stages: tuple[Stage, ...]) -> Panel:
    panel = Panel(336, 300 + ROW * 9)
    panel.text(168, 14, name, bold=True, size=16)
    panel.text(168, 36, say["maps"], kind="quiet", size=SMALL)
    maps = [stage for stage in stages if stage.side > 1]
    widths = [max(THINNEST, stage.channels * PER_CHANNEL) for stage in maps]
    space = (316 - sum(widths)) / len(maps)
    x, base = 10 + space / 2, 62 + 224 * PER_PIXEL
    for stage, width in zip(maps, widths, strict=True):
        high = stage.side * PER_PIXEL
        panel.box(x, base - high, width, high, "blue")
        panel.text(x + width / 2, base - high - 10, f"{stage.side}", size=SMALL)
        panel.text(x + width / 2, base + 14, f"{stage.channels}", size=SMALL)
        x += width + space
    panel.text(168, base + 42, say["parameters"], kind="quiet", size=SMALL)
    y = base + 64
    for stage in stages:
        kind = "warm" if stage.name.startswith("fc") else "blue"
        panel.text(62, y, stage.name, anchor="end", size=SMALL)
        panel.box(68, y - 8, 200 * stage.parameters / MOST, 16, kind)
        value = f"{stage.parameters / 1e6:.2f}" if stage.parameters else "0"
        panel.text(74 + 200 * stage.parameters / MOST, y, value, anchor="start", size=SMALL)
        y += ROW
    panel.text(
        168, y + 8, say["total"].format(f"{sum(stage.parameters for stage in stages):,}"), bold=True
    )
    return panel
