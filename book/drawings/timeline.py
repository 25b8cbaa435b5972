"""Networks from the Neocognitron to ConvNeXt, the years to scale, with what each shrinks its maps
by.

Each year is that of the first publication, as in the page of references (a test compares them).
"""

from __future__ import annotations

from dataclasses import dataclass

from book.drawings.canvas import SMALL, Panel


@dataclass(frozen=True)
class Entry:
    """A network; `author` is the first of the reference that gives the year."""

    year: int
    name: str
    author: str
    what: str  # key of its label


ENTRIES = (
    Entry(1980, "Neocognitron", "Fukushima", "spread"),
    Entry(1998, "LeNet-5", "LeCun", "subsampling"),
    Entry(2012, "AlexNet", "Krizhevsky", "overlapping"),
    Entry(2013, "Network in Network", "Lin", "gap"),
    Entry(2014, "VGG16", "Simonyan", "max"),
    Entry(2015, "ResNet", "He", "stride"),
    Entry(2019, "EfficientNet", "Tan", "strided"),
    Entry(2022, "ConvNeXt", "Liu", "patches"),
)
FIRST, LAST = 1980, 2022

LABELS = {
    "ko": {
        "title": "네오코그니트론에서 ConvNeXt까지",
        "spread": "자리의 차이를 눈감는 층",
        "subsampling": "학습되는 서브샘플링",
        "overlapping": "겹치는 최대 풀링",
        "gap": "최대 풀링, 끝에 GAP",
        "max": "최대 풀링",
        "stride": "대부분 스트라이드 합성곱, 끝에 GAP",
        "strided": "스트라이드 합성곱, 끝에 GAP",
        "patches": "2×2 스트라이드 합성곱, 끝에 GAP",
    },
    "en": {
        "title": "From the Neocognitron to ConvNeXt",
        "spread": "layers that tolerate shifts",
        "subsampling": "trained subsampling",
        "overlapping": "overlapping max pooling",
        "gap": "max pooling, GAP at the end",
        "max": "max pooling",
        "stride": "mostly strided convolution, GAP at the end",
        "strided": "strided convolution, GAP at the end",
        "patches": "2×2 strided convolution, GAP at the end",
    },
}


def draw(say: dict[str, str]) -> list[Panel]:
    """One panel: the years to scale on the left, an entry each on the right."""
    panel = Panel(338, 392)
    top, high, axis = 20, 352, 20
    panel.line((axis, top - 10), (axis, top + high + 14), arrow=True)
    for number, entry in enumerate(ENTRIES):
        at = top + (entry.year - FIRST) / (LAST - FIRST) * high
        y = top + number * high / (len(ENTRIES) - 1)
        panel.circle(axis, at, 4, "full-blue")
        panel.line((axis + 5, at), (48, y), kind="thin")
        panel.text(52, y - 8, f"{entry.year}  {entry.name}", anchor="start", bold=True)
        panel.text(52, y + 11, say[entry.what], anchor="start", size=SMALL, kind="quiet")
    return [panel]
