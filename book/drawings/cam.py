"""A class activation map as a weighted sum of feature maps, and the same numbers through GAP."""

from __future__ import annotations

import torch

from book.drawings.canvas import SMALL, Panel

# Three channels of 4×4, small enough to follow, and the weights of one class.
MAPS = torch.tensor(
    [
        [[0, 1, 1, 0], [1, 3, 4, 1], [1, 4, 3, 0], [0, 1, 0, 0]],
        [[0, 0, 0, 0], [0, 0, 1, 2], [0, 1, 2, 3], [1, 2, 3, 1]],
        [[3, 2, 1, 0], [2, 1, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0]],
    ]
).float()
WEIGHTS = torch.tensor([2.0, 1.0, -1.0])
COLORS = ("blue", "green", "warm")

LABELS = {
    "ko": {
        "title": "CAM은 특징 맵의 가중합",
        "maps": "특징 맵 × 클래스의 가중치",
        "channel": "채널 {}",
        "mean": "평균 {}",
        "sum": "더하면 CAM",
        "logit": "CAM의 평균 = {}\n평균을 먼저 내고 더해도 {}",
        "bias": "여기에 편향을 더한 값이 로짓",
        "signs": "CAM의 파랑은 양수, 주황은 음수",
    },
    "en": {
        "title": "A CAM is a weighted sum of feature maps",
        "maps": "feature maps × the class’s weights",
        "channel": "channel {}",
        "mean": "mean {}",
        "sum": "their sum is the CAM",
        "logit": "mean of the CAM = {}\nmeans first, then the sum: {}",
        "bias": "with the bias added, it is the logit",
        "signs": "in the CAM, blue is positive, orange negative",
    },
}


def draw(say: dict[str, str]) -> list[Panel]:
    """The maps and their weights; the sum of the weighted maps."""
    return [_terms(say), _sum(say)]


def _terms(say: dict[str, str]) -> Panel:
    panel = Panel(330, 330)
    panel.text(165, 14, say["maps"], bold=True)
    for number, (values, weight, color) in enumerate(
        zip(MAPS, WEIGHTS.tolist(), COLORS, strict=True)
    ):
        y = 40 + number * 96
        panel.text(84, y + 34, say["channel"].format(number), anchor="end")
        _map(panel, 96, y, 18, values, color)
        panel.text(204, y + 36, f"× {weight:g}".replace("-", "−"), bold=True, size=18)
        panel.text(322, y + 26, say["mean"].format(f"{values.mean():g}"), anchor="end")
        product = f"→ {weight * values.mean():g}".replace("-", "−")
        panel.text(322, y + 48, product, anchor="end", kind=f"in-{color}", bold=True)
    return panel


def _sum(say: dict[str, str]) -> Panel:
    cam = (WEIGHTS.view(3, 1, 1) * MAPS).sum(0)
    first, last = float(cam.mean()), float(WEIGHTS @ MAPS.mean((1, 2)))
    panel = Panel(330, 330)
    panel.text(165, 14, say["sum"], bold=True)
    size, largest = 46, float(cam.abs().max())
    for i in range(4):
        for j in range(4):
            value = float(cam[i, j])
            x, y = 73 + j * size, 32 + i * size
            panel.box(x, y, size, size, "box")
            if value:
                kind = "full-blue" if value > 0 else "full-warm"
                panel.box(x, y, size, size, kind, fade=0.45 * abs(value) / largest)
            panel.text(x + size / 2, y + size / 2, f"{value:g}".replace("-", "−"))
    panel.text(165, 234, say["signs"], size=SMALL, kind="quiet")
    panel.text(165, 262, say["logit"].format(f"{first:g}", f"{last:g}"))
    panel.text(165, 306, say["bias"], size=SMALL, kind="quiet")
    return panel


def _map(panel: Panel, x: float, y: float, size: float, values: torch.Tensor, color: str) -> None:
    """A small map: the larger the value, the fuller the color."""
    largest = float(values.max())
    for i, row in enumerate(values.tolist()):
        for j, value in enumerate(row):
            if value:
                panel.box(
                    x + j * size,
                    y + i * size,
                    size,
                    size,
                    f"full-{color}",
                    fade=0.8 * value / largest,
                )
    side = len(values) * size
    panel.lines([((x, y + k * size), (x + side, y + k * size)) for k in range(5)])
    panel.lines([((x + k * size, y), (x + k * size, y + side)) for k in range(5)])
