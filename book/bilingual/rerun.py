"""Executes lessons under other seeds: which asserted claims hold, and by how much the closest of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

from book.bilingual.build import CellDone, execute_all, load_plans
from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.margins import Margin


@dataclass
class Rerun:
    """One lesson under several seeds."""

    name: str
    path: str
    held: dict[int, float] = field(default_factory=dict)  # seed → s
    failed: dict[int, list[Problem]] = field(default_factory=dict)
    worst: dict[tuple[int, str], tuple[Margin, int]] = field(default_factory=dict)  # comparison → its worst, and where

    def closest(self, count: int) -> list[tuple[Margin, int]]:
        """The comparisons that came closest to failing, relative to the larger of the two numbers, with their seeds."""
        return sorted(self.worst.values(), key=lambda pair: _relative(pair[0]))[:count]


def _relative(margin: Margin) -> float:
    numbers = [abs(float(word)) for word in margin.shown.split() if _is_number(word)]
    return margin.margin / max([*numbers, 1e-12])


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def rerun(
    root: Path, names: tuple[str, ...], seeds: tuple[int, ...], *, jobs: int = 1, progress: CellDone
) -> list[Rerun]:
    """Execute the lessons of `names` that hold code once per seed. Writes nothing."""
    plans = [plan for plan in load_plans(root, names, draft=True) if plan.lesson.has_code]
    runs = [(plan, seed) for plan in plans for seed in seeds]
    found = {plan.lesson.name: Rerun(plan.lesson.name, plan.lesson.path) for plan in plans}
    for (plan, seed), result in zip(
        runs, asyncio.run(execute_all(root, runs, jobs, progress, watch=True)), strict=True
    ):
        lesson = found[plan.lesson.name]
        if isinstance(result, ProblemsFound):
            lesson.failed[seed] = [replace(p, what=f"COURSE_SEED={seed}: {p.what}") for p in result.problems]
            continue
        lesson.held[seed] = result.seconds
        for margin in result.margins:
            key = margin.line, margin.text
            if key not in lesson.worst or margin.margin < lesson.worst[key][0].margin:
                lesson.worst[key] = margin, seed
    return list(found.values())
