"""`python -m autograder.prove [ASSIGNMENT…]`: is every grader as strict and as kind as its answer
library says?

Grades the library's answers and every mutant of each reference solution, and prints one table: per
answer the points that the teacher wants and those that the grader gives, and how many of the hints
that must appear were found; per assignment the mutants, those killed, those shown to be equivalent
with the reason, and the survivors. Exits with 1 on any disagreement. Work is spread over processes;
the table does not depend on how.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder import answers, exercise, mutants
from autograder.errors import AutograderError

CHUNK = 12  # mutants per task: one import of torch serves many, and the bar still moves


@dataclass(frozen=True)
class Task:
    """What one process does at a time: an answer by its name, or a stretch of an assignment's
    mutants.
    """

    assignment: str
    answer: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Graded:
    """An answer's line of the table."""

    assignment: str
    name: str
    wanted: float
    given: float
    hints: int
    hints_wanted: int
    complaints: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """Mutants that were tried; each survivor by cell and by what was changed."""

    assignment: str
    count: int
    survivors: tuple[tuple[str, str], ...]


def tasks(assignment: str, every: int) -> Iterator[Task]:
    """All answers of an assignment, then every `every`-th mutant."""
    for answer in answers.load_answers(assignment):
        yield Task(assignment, answer=answer.name)
    wanted = (
        list(range(0, len(mutants.of_exercise(exercise.load(assignment))), every)) if every else []
    )
    for start in range(0, len(wanted), CHUNK):
        yield Task(assignment, numbers=tuple(wanted[start : start + CHUNK]))


def do(task: Task) -> Graded | Tried:
    """Carry a task out, in whichever process."""
    if not task.answer:
        of = exercise.load(task.assignment)
        every = mutants.of_exercise(of)
        chosen = [every[number] for number in task.numbers]
        left = tuple(
            (mutant.cell, mutant.what) for mutant in chosen if mutants.keeps_points(of, mutant)
        )
        return Tried(task.assignment, len(chosen), left)
    answer = next(
        found for found in answers.load_answers(task.assignment) if found.name == task.answer
    )
    outcomes = answers.grade(answer)
    found = sum(hint in outcomes[test].message for test, hint in answer.loses.items())
    given = sum(outcome.points for outcome in outcomes.values())
    said = tuple(answers.complaints(answer, outcomes))
    return Graded(
        task.assignment, answer.name, answer.points, given, found, len(answer.loses), said
    )


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def carry_out(todo: list[Task], jobs: int, console: Console) -> list[Graded | Tried]:
    """All tasks, behind a progress bar."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    context = multiprocessing.get_context("spawn")  # torch must not be forked once it has threads
    with (
        Progress(*columns, console=console, transient=True) as progress,
        ProcessPoolExecutor(jobs, context, initializer=_one_thread) as pool,
    ):
        bar = progress.add_task("grading", total=len(todo))
        futures = [pool.submit(do, task) for task in todo]
        for _ in as_completed(futures):
            progress.advance(bar)
        return [future.result() for future in futures]


def show(names: list[str], results: list[Graded | Tried], complete: bool, console: Console) -> int:
    """Print the table and what disagrees; returns the number of disagreements."""
    table = Table(
        "assignment",
        "answer or mutants",
        "wanted",
        "given",
        "hints",
        "agree",
        title="Proof of the graders",
    )
    wrong: list[str] = []
    for name in names:
        for row in (r for r in results if isinstance(r, Graded) and r.assignment == name):
            right = not row.complaints and row.given == row.wanted
            wrong += [f"{name}/{row.name}: {line}" for line in row.complaints]
            if row.given != row.wanted and not row.complaints:
                wrong.append(
                    f"{name}/{row.name}: {row.given:g} points given, {row.wanted:g} wanted"
                )
            hints = f"{row.hints}/{row.hints_wanted}" if row.hints_wanted else "-"
            table.add_row(
                name, row.name, f"{row.wanted:g}", f"{row.given:g}", hints, "yes" if right else "NO"
            )
        tried = [one for one in results if isinstance(one, Tried) and one.assignment == name]
        wrong += _add_mutants(table, name, tried, complete)
        table.add_section()
    console.print(table)
    Console(stderr=True, soft_wrap=True).print("\n".join(wrong), markup=False)
    return len(wrong)


def _add_mutants(table: Table, name: str, tried: list[Tried], complete: bool) -> list[str]:
    """Rows of an assignment's mutants: how many, the equivalent ones with reasons, survivors.
    Returns disagreements.
    """
    count = sum(one.count for one in tried)
    if not count:
        return []
    alive = {survivor for one in tried for survivor in one.survivors}
    known = {
        (cell, what): why
        for cell, each in mutants.equivalents(name).items()
        for what, why in each.items()
    }
    left, same = sorted(alive - set(known)), sorted(alive & set(known))
    dead = sorted(set(known) - alive) if complete else []
    killed = f"{count - len(alive)} killed, {len(same)} equivalent, {len(left)} survive"
    table.add_row(
        name,
        f"{count} mutants of the reference",
        "< 90",
        killed,
        "-",
        "NO" if left or dead else "yes",
    )
    for cell, what in same:
        table.add_row(
            name, escape(f"≡ {cell}: {what} ({known[cell, what]})"), "90", "90", "-", "yes"
        )
    for cell, what in left:
        table.add_row(name, escape(f"survives: {cell}: {what}"), "< 90", "90", "-", "NO")
    mend = "keeps all points; add a hidden case, or list it as equivalent"
    lines = [f"{name}: {cell}: {what}: {mend}" for cell, what in left]
    return lines + [
        f"{name}: {cell}: {what}: listed as equivalent, but it loses points" for cell, what in dead
    ]


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--jobs", default=1, show_default=True, help="Processes to work with.")
@click.option("--every", default=1, show_default=True, help="Try every n-th mutant; 0 for none.")
def main(assignments: tuple[str, ...], jobs: int, every: int) -> None:
    """Grade the answer library and the mutants of ASSIGNMENTS (all by default) and print one table.

    Exits with 1 when an answer gets other points than its teacher gives, a hint is missing, or a
    mutant survives.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    names = list(assignments) or exercise.names()
    wide = Console(width=None if Console().is_terminal else 150)
    try:
        todo = [task for name in names for task in tasks(name, every)]
        results = carry_out(todo, max(1, jobs), Console(stderr=True))
    except AutograderError as problem:
        raise click.ClickException(str(problem)) from None
    raise SystemExit(1 if show(names, results, every == 1, wide) else 0)


if __name__ == "__main__":
    main()
