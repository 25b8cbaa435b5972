"""Every drawing by its name, and the files that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from book.bilingual.errors import Problem
from book.bilingual.lesson.drawn import FOLDER
from book.drawings import (
    aliasing,
    cam,
    classes,
    field,
    heads,
    networks,
    nin,
    normalization,
    residual,
    schedule,
    sharing,
    strided,
    timeline,
    transfer,
    windows,
)
from book.drawings.canvas import Panel, document

Labels = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Drawing:
    """A drawing in both languages."""

    labels: Labels
    draw: Callable[[dict[str, str]], list[Panel]]
    columns: int = 2  # of panels, in the file that notebooks show


DRAWINGS = {
    "windows": Drawing(windows.LABELS, windows.draw),
    "aliasing": Drawing(aliasing.LABELS, aliasing.draw),
    "heads": Drawing(heads.LABELS, heads.draw),
    "nin": Drawing(nin.LABELS, nin.draw),
    "strided": Drawing(strided.LABELS, strided.draw, columns=1),
    "schedule": Drawing(schedule.LABELS, schedule.draw, columns=1),
    "field": Drawing(field.LABELS, field.draw),
    "normalization": Drawing(normalization.LABELS, normalization.draw),
    "classes": Drawing(classes.LABELS, classes.draw),
    "networks": Drawing(networks.LABELS, networks.draw),
    "residual": Drawing(residual.LABELS, residual.draw, columns=3),
    "basic_block": Drawing(residual.LABELS, residual.draw_basic),
    "cam": Drawing(cam.LABELS, cam.draw),
    "transfer": Drawing(transfer.LABELS, transfer.draw, columns=4),
    "sharing": Drawing(sharing.LABELS, sharing.draw, columns=3),
    "timeline": Drawing(timeline.LABELS, timeline.draw, columns=1),
}


def files(names: Sequence[str] = ()) -> dict[str, str]:
    """Path relative to the project's root → text, for the named drawings or all."""
    return {
        f"{FOLDER}/{name}-{lang}.svg": document(
            drawing.draw(say), drawing.columns, lang, say["title"]
        )
        for name, drawing in DRAWINGS.items()
        if not names or name in names
        for lang, say in drawing.labels.items()
    }


def problems(root: Path, shown: set[str]) -> Iterator[Problem]:
    """Committed drawings that differ from what the code draws, that nothing draws, or that no
    lesson shows.
    """
    wanted = files()
    remake = "run python -m book.drawings, and commit what it writes"
    for path, text in wanted.items():
        file = root / path
        if not file.is_file() or file.read_text("utf-8") != text:
            what = "differs from what book/drawings draws" if file.is_file() else "is missing"
            yield Problem(path, 0, "", what, remake)
    for file in sorted((root / FOLDER).glob("*")):
        if (path := file.relative_to(root).as_posix()) not in wanted:
            yield Problem(path, 0, "", "no module of book/drawings draws this file", "remove it")
    for name, drawing in DRAWINGS.items():
        if name not in shown:
            what = f"the drawing {name!r} stands in no lesson"
            yield Problem(
                "book/drawings/catalog.py",
                0,
                "",
                what,
                f"write ![alt](drawing:{name}) where it belongs",
            )
        if drawing.labels["ko"].keys() != drawing.labels["en"].keys():
            odd = sorted(drawing.labels["ko"].keys() ^ drawing.labels["en"].keys())
            what = f"labels of {name!r} stand in one language alone: {', '.join(odd)}"
            yield Problem("book/drawings/catalog.py", 0, "", what, "write them in both")
