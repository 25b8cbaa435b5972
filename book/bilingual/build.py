"""The build: read, validate, plan, execute what changed, render; write only when nothing is wrong."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from book.bilingual import execute, render, reviews, validate
from book.bilingual.errors import Problem, ProblemsFound, StandInError
from book.bilingual.execute import Outcome
from book.bilingual.links_check import LinkMap
from book.bilingual.plan import Plan, make_plan
from book.bilingual.source import find_lessons, read_lesson

CellDone = Callable[[str, int, int], None]


@dataclass
class Built:
    """What a build did."""

    written: list[str] = field(default_factory=list)
    executed: dict[str, float] = field(default_factory=dict)  # lesson → s
    warnings: list[Problem] = field(default_factory=list)


def load_plans(root: Path, names: tuple[str, ...] = (), *, draft: bool = False) -> list[Plan]:
    """Plans of all (or the named) sources. Raises `ProblemsFound` with every fault of every source.

    In a draft, links may lead to pages that are not there yet.
    """
    plans, problems, broken_links = survey(root, names)
    problems += [] if draft else broken_links
    if problems:
        raise ProblemsFound(problems)
    return plans


def survey(root: Path, names: tuple[str, ...] = ()) -> tuple[list[Plan], list[Problem], list[Problem]]:
    """Plans of the well-formed sources, the faults of the others, and the broken links of all."""
    plans, problems, broken = [], list[Problem](), list[Problem]()
    links = LinkMap(root)
    for kind, _, path in find_lessons(root, names):
        try:
            lesson = read_lesson(root, kind, path)
            broken += links.problems(lesson)
            faults = validate.problems_of(lesson)
            if faults:
                raise ProblemsFound(faults)
            plans.append(make_plan(root, lesson))
        except ProblemsFound as error:
            problems += error.problems
    return plans, problems, broken


def build(
    root: Path,
    names: tuple[str, ...] = (),
    *,
    jobs: int = 1,
    force: bool = False,
    draft: bool = False,
    allow_stand_in: bool = False,
    progress: CellDone = lambda name, done, total: None,
) -> Built:
    """Regenerate the notebooks of `names` (all when empty). On any error nothing is written."""
    plans = load_plans(root, names, draft=draft)
    outcomes: dict[str, Outcome | None] = {
        plan.lesson.name: None if force else render.read_committed(root, plan) for plan in plans
    }
    due = [plan for plan in plans if outcomes[plan.lesson.name] is None]
    built = Built()
    for plan, fresh in zip(
        due, asyncio.run(_execute_all(root, [(plan, 0) for plan in due], jobs, progress)), strict=True
    ):
        outcomes[plan.lesson.name] = fresh
        built.executed[plan.lesson.name] = fresh.seconds
        built.warnings += fresh.warnings
    problems, files = list[Problem](), dict[str, str]()
    for plan in plans:
        outcome = outcomes[plan.lesson.name]
        assert outcome is not None
        problems += render.figure_problems(plan, outcome)
        if outcome.stand_in and not allow_stand_in:
            raise StandInError(
                f"{plan.lesson.path} ran on stand-in data; only outputs from real data are committed. "
                "Set COURSE_DATA to the folder of the real data, or pass --allow-stand-in for a look."
            )
        files |= render.render(root, plan, outcome)
        files |= {} if draft else _record(root, plan)
    if problems:
        raise ProblemsFound(problems)
    built.written = write_files(root, files)
    return built


def rerun(
    root: Path, names: tuple[str, ...], seeds: tuple[int, ...], *, jobs: int = 1, progress: CellDone
) -> list[tuple[str, int, float]]:
    """Execute lessons with other seeds; (name, seed, s) of each run. Raises `ProblemsFound` where a claim fails."""
    runs = [(plan, seed) for plan in load_plans(root, names, draft=True) for seed in seeds if plan.lesson.has_code]
    outcomes = asyncio.run(_execute_all(root, runs, jobs, progress))
    return [(plan.lesson.name, seed, out.seconds) for (plan, seed), out in zip(runs, outcomes, strict=True)]


def _record(root: Path, plan: Plan) -> dict[str, str]:
    """The review record with new pairs in it: a pair that is built for the first time counts as written together."""
    record = reviews.updated_record(root, plan)
    path = reviews.record_path(root, plan).relative_to(root).as_posix()
    return {path: reviews.dump_record(record)} if record else {}


async def _execute_all(root: Path, runs: list[tuple[Plan, int]], jobs: int, progress: CellDone) -> list[Outcome]:
    """Outcomes of (plan, seed) runs in order, at most `jobs` kernels at once. Raises `ProblemsFound` once all ended."""
    gate = asyncio.Semaphore(jobs)

    async def one(plan: Plan, seed: int) -> Outcome:
        name = f"{plan.lesson.name}{f', seed {seed}' if seed else ''}"
        async with gate:
            try:
                return await execute.execute(root, plan, lambda done, total: progress(name, done, total), seed=seed)
            except RuntimeError as error:  # the kernel did not answer
                what, mend = (
                    f"the kernel did not start: {error}",
                    "see whether the machine is overloaded, then run again",
                )
                raise ProblemsFound([Problem(plan.lesson.path, 0, "", what, mend)]) from error

    results = await asyncio.gather(*(one(plan, seed) for plan, seed in runs), return_exceptions=True)
    problems = [
        replace(problem, what=f"COURSE_SEED={seed}: {problem.what}") if seed else problem
        for (_, seed), result in zip(runs, results, strict=True)
        if isinstance(result, ProblemsFound)
        for problem in result.problems
    ]
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, ProblemsFound):
            raise result
    if problems:
        raise ProblemsFound(problems)
    return [r for r in results if isinstance(r, Outcome)]


def write_files(root: Path, files: dict[str, str]) -> list[str]:
    """Write what differs, all or nothing: everything is staged before anything is replaced."""
    changed = {
        p: t for p, t in files.items() if not (root / p).is_file() or (root / p).read_text(encoding="utf-8") != t
    }
    if not changed:
        return []
    with tempfile.TemporaryDirectory(prefix=".staged-", dir=root) as staging:
        for number, text in enumerate(changed.values()):
            (Path(staging) / str(number)).write_text(text, encoding="utf-8")
        for number, path in enumerate(changed):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(Path(staging) / str(number), root / path)
    return sorted(changed)
