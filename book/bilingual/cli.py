"""The command line: `python -m book.bilingual COMMAND`."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from book.bilingual.errors import BilingualError, StandInError

if TYPE_CHECKING:
    from book.bilingual.studies.studies import Study

ROOT = Path(__file__).resolve().parents[2]


class _Group(click.Group):
    """Shows the tool's own errors without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BilingualError as error:
            click.echo(str(error), err=True)
            click.echo(click.style("Nothing was written.", fg="red"), err=True)
            sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT,
    help="Project folder (default: this one).",
)
@click.pass_context
def main(ctx: click.Context, root: Path) -> None:
    """Turn the bilingual sources under book/ into notebooks and solutions, and prove that nothing
    drifted.
    """
    ctx.obj = root.resolve()


_JOBS = click.option(
    "--jobs", "-j", default=1, show_default=True, type=click.IntRange(1), help="Kernels at a time."
)


@contextmanager
def _bars() -> Iterator[Callable[[str, int, int], None]]:
    """Progress bars on stderr, one per name; yields the function that moves them."""
    from rich import progress  # not for commands that show none
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, progress.TaskID] = {}

        def move(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done)

        yield move


@main.command()
@click.argument("names", nargs=-1)
@_JOBS
@click.option("--force", is_flag=True, help="Execute even what has not changed.")
@click.option("--draft", is_flag=True, help="Links may lead nowhere yet; record no reviews.")
@click.option(
    "--allow-stand-in",
    is_flag=True,
    help="Write outputs from stand-in data; `check` will refuse them.",
)
@click.pass_obj
def build(
    root: Path, names: tuple[str, ...], jobs: int, force: bool, draft: bool, allow_stand_in: bool
) -> None:
    """Regenerate notebooks and pages of NAMES (all when none is given), executing only what
    changed.

    NAMES are sources without folder and ending, such as ch02_gap. On any error nothing is written.
    """
    from book.bilingual.build.build import build as run

    with _bars() as progress:
        built = run(
            root,
            names,
            jobs=jobs,
            force=force,
            draft=draft,
            allow_stand_in=allow_stand_in,
            progress=progress,
        )
    for warning in built.warnings:
        click.echo(click.style("warning: ", fg="yellow") + str(warning), err=True)
    for name, seconds in built.executed.items():
        click.echo(f"executed {name} in {seconds:.0f} s")
    for path in built.written:
        click.echo(f"wrote {path}")
    if not built.written:
        click.echo("everything is up to date")


@main.command()
@click.argument("names", nargs=-1, required=True)
@click.option(
    "--seed", "seeds", multiple=True, type=int, help="A COURSE_SEED; may be given several times."
)
@click.option(
    "--seeds", "count", type=click.IntRange(1), help="So many values of COURSE_SEED (default: 5)."
)
@click.option(
    "--margins",
    "shown",
    type=int,
    default=8,
    show_default=True,
    help="How many of the closest calls to show.",
)
@click.option("--first", default=1, show_default=True, help="Where --seeds starts to count.")
@click.option(
    "--keep", is_flag=True, help="Keep what came out in book/margins, for the page how_we_know."
)
@click.option(
    "--same",
    is_flag=True,
    help="Keep the seeds tried before a change of the cells, if these give the same numbers.",
)
@_JOBS
@click.pass_obj
def rerun(
    root: Path,
    names: tuple[str, ...],
    seeds: tuple[int, ...],
    count: int | None,
    shown: int,
    first: int,
    keep: bool,
    same: bool,
    jobs: int,
) -> None:
    """Execute NAMES with other seeds: does every asserted claim hold, and by how much the closest?
    Writes no notebook.

    A failed assertion shows the numbers that it compared. The exit status is 1 where a claim
    failed. What is kept adds up over several runs of the same code, so that 50 seeds can be tried
    in parts; after a change that alters no number, the seed of the closest call shows that
    (--same tries it, too).
    """
    from book.bilingual.studies import margin_record
    from book.bilingual.studies.rerun import rerun as run

    chosen = seeds
    if same:
        known = (margin_record.witnesses(root, name) for name in names)
        chosen += tuple(seed for found in known for seed in found)
    if count is not None or not chosen:
        chosen += tuple(range(first, first + (count or 5)))
    with _bars() as progress:
        lessons = run(root, names, tuple(dict.fromkeys(chosen)), jobs=jobs, progress=progress)
    for lesson in lessons:
        for problem in (problem for problems in lesson.failed.values() for problem in problems):
            click.echo(str(problem), err=True)
        for seed, seconds in lesson.held.items():
            click.echo(f"{lesson.name} holds with COURSE_SEED={seed} ({seconds:.0f} s)")
        for margin, seed in lesson.closest(shown):
            click.echo(
                f"  {lesson.path}:{margin.line}: {margin.text}, closest at {margin.shown}"
                f" (COURSE_SEED={seed})"
            )
        failed = f", fails with {', '.join(map(str, lesson.failed))}" if lesson.failed else ""
        click.echo(
            f"{lesson.name}: {len(lesson.held)} of {len(lesson.held) + len(lesson.failed)} seeds"
            f" hold{failed}"
        )
        if keep or same:
            path = margin_record.record(root, lesson, same)
            click.echo(f"wrote {path}; now build how_we_know")
    if any(lesson.failed for lesson in lessons):
        sys.exit(1)


@main.command()
@click.argument("names", nargs=-1)
@click.pass_obj
def check(root: Path, names: tuple[str, ...]) -> None:
    """Say whether anything is stale, untranslated, inconsistent or not as the sources would give
    it. Executes nothing.

    NAMES restrict it to some sources; orphans and studies are then left out.
    """
    from book.bilingual.gates.check import check as run

    problems = run(root, names)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        click.echo(
            click.style(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}", fg="red"),
            err=True,
        )
        sys.exit(1)
    click.echo("nothing is stale, untranslated or inconsistent")


@main.command()
@click.argument("name")
@click.argument("line", type=int, required=False)
@click.pass_obj
def review(root: Path, name: str, line: int | None) -> None:
    """Record that both sides of a pair of NAME say the same: the pair at LINE of the source, or all
    of them.

    Run it after you have compared the sides that `check` named.
    """
    from book.bilingual.build.build import load_plans, write_files
    from book.bilingual.gates import reviews

    plan = load_plans(root, (name,))[0]
    if line is not None and not reviews.pairs_at(plan, line):
        raise BilingualError(
            f"{plan.lesson.path}:{line}: no pair stands there; give a line inside one of its two"
            " cells"
        )
    record = reviews.updated_record(root, plan, accept=set() if line is None else {line})
    path = reviews.record_path(root, plan).relative_to(root).as_posix()
    write_files(root, {path: reviews.dump_record(record)})
    click.echo(f"recorded in {path}")


@main.command()
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice(["chapter", "exercise", "page"]),
    help="Default: by the name (chNN_, exNN_, else page).",
)
@click.pass_obj
def new(root: Path, name: str, kind: str | None) -> None:
    """Start a lesson called NAME, such as ch08_attention, ex08_attention or faq, with a source that
    builds.
    """
    from book.bilingual.build.scaffold import create

    click.echo(f"wrote {create(root, name, kind)}; then run python -m book.bilingual build {name}")


@main.command()
@click.argument("names", nargs=-1, metavar="[STUDY]...")
@click.option(
    "--stale-only", is_flag=True, help="Skip studies whose code, grid and seeds have not changed."
)
@click.option(
    "--check-row",
    is_flag=True,
    help="Write nothing; recompute a row drawn at random and compare it.",
)
@click.option("--choice", type=int, help="Seed of that draw, to repeat an earlier one.")
@click.option(
    "--jobs",
    "-j",
    default=2,
    show_default=True,
    type=click.IntRange(1),
    help="Processes, of one thread each.",
)
@click.pass_obj
def results(
    root: Path,
    names: tuple[str, ...],
    stale_only: bool,
    check_row: bool,
    choice: int | None,
    jobs: int,
) -> None:
    """Run the multi-seed studies of book/studies.yml (all when none is named) into book/results.

    With --check-row: one row of one study, or one row of each STUDY named, or every row of `all`,
    or of those named beside `all`.
    """
    from book.bilingual.studies import studies

    every_row = check_row and "all" in names
    chosen = studies.load(root, tuple(name for name in names if not (every_row and name == "all")))
    if check_row:
        _check_rows(root, chosen, bool(names), every_row, choice, jobs)
        return
    if stale_only:
        chosen = [s for s in chosen if studies.staleness(root, s) or studies.stale_claims(root, s)]
    with _bars() as progress:
        for study in chosen:
            studies.run(root, study, jobs=jobs, progress=partial(progress, study.name))
            click.echo(f"wrote book/results/{study.name}.json")
    if not chosen:
        click.echo(
            "no study is stale" if stale_only else "no study is declared in book/studies.yml"
        )


@main.command()
@click.option("--lang", type=click.Choice(["ko", "en"]), default="en", show_default=True)
@click.pass_obj
def evidence(root: Path, lang: str) -> None:
    """Print the table of all studies: how long each trains, and whether its conclusions outlive
    four times that.

    The build writes the same table into book/pages/how_we_know.md, at the line {{studies}}; below
    it comes the table of live assertions, there at the line {{margins}}, and what each chapter
    costs, at the line {{costs}}.
    """
    from book.bilingual.studies import costs, margin_record
    from book.bilingual.studies.evidence_table import table

    click.echo(
        "\n\n".join(
            filter(
                None, [table(root, lang), margin_record.table(root, lang), costs.table(root, lang)]
            )
        )
    )


@main.command()
@click.pass_obj
def counts(root: Path) -> None:
    """Print what the review of the first edition counted (words, seams, figures, folds), then and
    now.
    """
    from book.bilingual.gates.counts import table

    click.echo(table(root))


def _check_rows(
    root: Path, chosen: list[Study], named: bool, every_row: bool, choice: int | None, jobs: int
) -> None:
    from book.bilingual.studies import studies

    choice = random.SystemRandom().randrange(10**6) if choice is None else choice
    draw = random.Random(choice)
    if not named:
        draw.shuffle(chosen)
    for study in chosen:
        count = len(study.settings())
        rows = list(range(count)) if every_row else [draw.randrange(count)]
        click.echo(f"{study.name}: recomputing {len(rows)} of {count} rows (--choice {choice})")
        try:
            settings = studies.check_rows(root, study, rows, jobs=jobs)
        # without the real data nothing can be said; another study may need none
        except StandInError as error:
            click.echo(f"{study.name}: not compared. {error}")
            continue
        click.echo(
            f"{study.name}: {settings[0] if len(settings) == 1 else 'all rows'} as recorded, within"
            " tolerance"
        )
        if not named:
            break
