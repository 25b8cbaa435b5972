"""The build: read, validate, plan, execute what changed, render; write only when nothing is
wrong.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from book.bilingual.build import execute, render
from book.bilingual.build.execute import Outcome
from book.bilingual.errors import Problem, ProblemsFound, StandInError
from book.bilingual.gates import reviews, validate
from book.bilingual.gates.links_check import LinkMap
from book.bilingual.lesson import quiz
from book.bilingual.lesson.plan import Plan, make_plan
from book.bilingual.lesson.source import find_lessons, read_lesson

CellDone = Callable[[str, int, int], None]
CellRan = Callable[[Plan, Outcome], None]  # given what the plan's run has left so far


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


def survey(
    root: Path, names: tuple[str, ...] = ()
) -> tuple[list[Plan], list[Problem], list[Problem]]:
    """Plans of the well-formed sources, the faults of the others, and the broken links of all."""
    plans, problems, broken = [], list[Problem](), list[Problem]()
    links = LinkMap(root)
    for kind, _, path in find_lessons(root, names):
        try:
            lesson = read_lesson(root, kind, path)
            broken += links.problems(lesson)
            faults = validate.problems_of(lesson)
            faults = faults or list(quiz.belief_problems(root, lesson))
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
    ran: CellRan = lambda plan, so_far: None,
) -> Built:
    """Regenerate the notebooks of `names` (all when empty). On any error nothing is written."""
    plans = load_plans(root, names, draft=draft)
    outcomes: dict[str, Outcome | None] = {
        plan.lesson.name: None if force else render.read_committed(root, plan) for plan in plans
    }
    due = [plan for plan in plans if outcomes[plan.lesson.name] is None]
    built = Built()
    runs = execute_all(root, [(plan, 0) for plan in due], jobs, progress, ran=ran)
    for plan, fresh in zip(due, _raised(asyncio.run(runs)), strict=True):
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
                f"{plan.lesson.path} ran on stand-in data; only outputs from real data are"
                " committed. Set COURSE_DATA to the folder of the real data, or pass"
                " --allow-stand-in for a look."
            )
        files |= render.render(root, plan, outcome)
        files |= {} if draft else _record(root, plan)
    if problems:
        raise ProblemsFound(problems)
    built.written = write_files(root, files)
    return built


def _record(root: Path, plan: Plan) -> dict[str, str]:
    """The review record with new pairs in it: a pair that is built for the first time counts as
    written together.
    """
    record = reviews.updated_record(root, plan)
    path = reviews.record_path(root, plan).relative_to(root).as_posix()
    return {path: reviews.dump_record(record)} if record else {}


async def execute_all(
    root: Path,
    runs: list[tuple[Plan, int]],
    jobs: int,
    progress: CellDone,
    *,
    watch: bool = False,
    ran: CellRan = lambda plan, so_far: None,
) -> list[Outcome | ProblemsFound]:
    """Outcomes of (plan, seed) runs in order, or what went wrong in each; at most `jobs` kernels at
    once.
    """
    gate = asyncio.Semaphore(jobs)

    async def one(plan: Plan, seed: int) -> Outcome | ProblemsFound:
        name = f"{plan.lesson.name}{f', seed {seed}' if seed else ''}"

        def moved(done: int, total: int) -> None:
            progress(name, done, total)

        async with gate:
            try:
                return await execute.execute(
                    root, plan, moved, seed=seed, watch=watch, ran=partial(ran, plan)
                )
            except ProblemsFound as error:
                return error
            except RuntimeError as error:  # the kernel did not answer
                what = f"the kernel did not start: {error}"
                mend = "see whether the machine is overloaded, then run again"
                return ProblemsFound([Problem(plan.lesson.path, 0, "", what, mend)])

    return await asyncio.gather(*(one(plan, seed) for plan, seed in runs))


def _raised(results: list[Outcome | ProblemsFound]) -> list[Outcome]:
    """The outcomes. Raises `ProblemsFound` with every problem of every run that failed."""
    problems = [
        problem
        for result in results
        if isinstance(result, ProblemsFound)
        for problem in result.problems
    ]
    if problems:
        raise ProblemsFound(problems)
    return [result for result in results if isinstance(result, Outcome)]


def write_files(root: Path, files: dict[str, str]) -> list[str]:
    """Write what differs, all or nothing: everything is staged before anything is replaced."""
    changed = {
        p: t
        for p, t in files.items()
        if not (root / p).is_file() or (root / p).read_text(encoding="utf-8") != t
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
