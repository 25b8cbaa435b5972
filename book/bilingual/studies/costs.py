"""What a chapter costs: its live cells, measured by `rerun --keep`, and its studies, whose rows
state their seconds.

All are CPU seconds of one thread. They hardly depend on what else the machine does, so that nobody
has to wait for a quiet one; of the live cells the least over all seeds is kept, of their memory the
most.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from book.bilingual.errors import Problem
from book.bilingual.lesson.source import find_lessons
from book.bilingual.studies import margin_record, studies

LIVE_S, LIVE_MIB = 45, 2048
STUDIES_S, CORES = 3600, 2

_HEAD = {
    "ko": (
        "장",
        "실행하는 셀",
        "최대 메모리",
        "연구의 행 수",
        "모든 행",
        "가장 긴 행",
        "코어 2개에서",
    ),
    "en": (
        "Chapter",
        "Live cells",
        "Peak memory",
        "Rows of its studies",
        "All of them",
        "Longest row",
        "On two cores",
    ),
}
_UNITS = {"ko": ("{:.0f}초", "{:.0f}분"), "en": ("{:.0f} s", "{:.0f} min")}


@dataclass(frozen=True)
class Cost:
    """A chapter's costs; the live ones are 0 where no run was kept."""

    lesson: str
    seconds: float
    mib: int
    rows: tuple[float, ...]  # s, each row of its studies

    @property
    def studies_s(self) -> float:
        """At least how long the studies take on all cores: their share of the work, or the longest
        row.
        """
        return max(sum(self.rows) / CORES, max(self.rows, default=0.0))


def load(root: Path) -> list[Cost]:
    """The chapters in their order."""
    declared, found = studies.load(root), []
    for kind, name, _ in find_lessons(root):
        if kind != "chapter":
            continue
        results = [
            studies.read(root, s.name)
            for s in declared
            if s.name.split("_")[0] == name.split("_")[0]
        ]
        rows = tuple(
            row.get("seconds", 0.0) for result in results if result for row in result["rows"]
        )
        kept = margin_record.read(root, name)
        found.append(Cost(name, kept.get("seconds", 0.0), kept.get("mib", 0), rows))
    return found


def problems(root: Path) -> list[Problem]:
    """Chapters that take longer, or more memory, than a reader is told."""
    found = []
    for cost in load(root):
        path = margin_record.path_of(root, cost.lesson).relative_to(root).as_posix()
        for what, bound, unit, mend in (
            (
                cost.seconds,
                LIVE_S,
                "s of CPU for the live cells",
                "train less in them, and move the rest into a study",
            ),
            (
                cost.mib,
                LIVE_MIB,
                "MiB of memory for the live cells",
                "make batches or images smaller",
            ),
            (
                cost.studies_s,
                STUDIES_S,
                f"s for the studies on {CORES} cores",
                "make a study's networks smaller",
            ),
        ):
            if what > bound:
                found.append(Problem(path, 0, "", f"{what:.0f} {unit}; {bound} are the most", mend))
    return found


def table(root: Path, lang: str) -> str:
    """Every chapter of which something is known as a row of a Markdown table; "" for none."""
    seconds, minutes = _UNITS[lang]
    head, lines = [f"| {' | '.join(_HEAD[lang])} |", "|---" * len(_HEAD[lang]) + "|"], []
    for cost in (cost for cost in load(root) if cost.mib or cost.rows):
        live = (seconds.format(cost.seconds), f"{cost.mib:,} MiB") if cost.mib else ("–", "–")
        rows = (
            str(len(cost.rows)),
            minutes.format(sum(cost.rows) / 60),
            seconds.format(max(cost.rows, default=0)),
        )
        cells = (
            f"[`{cost.lesson}`]({cost.lesson}.ipynb)",
            *live,
            *rows,
            minutes.format(cost.studies_s / 60),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(head + lines) if lines else ""
