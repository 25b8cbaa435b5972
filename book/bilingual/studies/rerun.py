"""Executes lessons under other seeds: which asserted claims hold, and by how much the closest of
them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

from book.bilingual.build.build import CellDone, execute_all, load_plans
from book.bilingual.build.execute import Cost
from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.studies.margins import Margin, share_of
from book.bilingual.studies.study_code import program_hash


@dataclass
class Rerun:
    """One lesson under several seeds."""

    name: str
    path: str
    # hash of what the cells compute: a comment may change, the seeds that were tried still count
    code: str
    held: dict[int, float] = field(default_factory=dict)  # seed → s
    failed: dict[int, list[Problem]] = field(default_factory=dict)
    # comparison → its worst, and where
    worst: dict[tuple[int, str], tuple[Margin, int]] = field(default_factory=dict)
    # comparison's text → seed → its closest there
    seen: dict[str, dict[int, Margin]] = field(default_factory=dict)
    # comparisons whose values depend on the seed
    moving: set[tuple[int, str]] = field(default_factory=set)
    costs: list[Cost] = field(default_factory=list)

    def add(self, seed: int, margin: Margin) -> None:
        """Note a comparison that held under `seed`."""
        key = margin.line, margin.text
        here = self.seen.setdefault(margin.text, {})
        here[seed] = min(here.get(seed, margin), margin, key=share_of)
        old, where = self.worst.setdefault(key, (margin, seed))
        if margin.shown != old.shown:
            self.moving.add(key)
        self.worst[key] = (margin, seed) if margin.margin < old.margin else (old, where)

    def closest(self, count: int) -> list[tuple[Margin, int]]:
        """The comparisons that came closest to failing, relative to the larger of the two numbers,
        with their seeds.

        Those that came out alike under every seed are left out where several were tried.
        """
        chosen = [
            pair for key, pair in self.worst.items() if key in self.moving or len(self.held) < 2
        ]
        return sorted(chosen, key=lambda pair: share_of(pair[0]))[:count]


def rerun(
    root: Path, names: tuple[str, ...], seeds: tuple[int, ...], *, jobs: int = 1, progress: CellDone
) -> list[Rerun]:
    """Execute the lessons of `names` that hold code once per seed. Writes nothing."""
    plans = [plan for plan in load_plans(root, names, draft=True) if plan.lesson.has_code]
    runs = [(plan, seed) for plan in plans for seed in seeds]
    found = {
        plan.lesson.name: Rerun(
            plan.lesson.name,
            plan.lesson.path,
            program_hash([slot.code for slot in plan.code_slots]),
        )
        for plan in plans
    }
    for (plan, seed), result in zip(
        runs, asyncio.run(execute_all(root, runs, jobs, progress, watch=True)), strict=True
    ):
        lesson = found[plan.lesson.name]
        if isinstance(result, ProblemsFound):
            lesson.failed[seed] = [
                replace(p, what=f"COURSE_SEED={seed}: {p.what}") for p in result.problems
            ]
            continue
        lesson.held[seed] = result.seconds
        lesson.costs += [result.cost] if result.cost else []
        for margin in result.margins:
            lesson.add(seed, margin)
    return list(found.values())
