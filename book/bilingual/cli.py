"""The command line: `python -m book.bilingual COMMAND`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from book.bilingual.errors import BilingualError

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
    "--root", type=click.Path(file_okay=False, path_type=Path), default=ROOT, help="Project folder (default: this one)."
)
@click.pass_context
def main(ctx: click.Context, root: Path) -> None:
    """Turn the bilingual sources under book/ into notebooks/{ko,en} and solutions/{ko,en}, and prove that nothing drifted."""
    ctx.obj = root.resolve()


@main.command()
@click.argument("names", nargs=-1)
@click.option(
    "--jobs", "-j", default=1, show_default=True, type=click.IntRange(1), help="Lessons executed at the same time."
)
@click.option("--force", is_flag=True, help="Execute even what has not changed.")
@click.option(
    "--allow-stand-in", is_flag=True, help="Write outputs that come from stand-in data; `check` will refuse them."
)
@click.pass_obj
def build(root: Path, names: tuple[str, ...], jobs: int, force: bool, allow_stand_in: bool) -> None:
    """Regenerate notebooks and pages of NAMES (all when none is given), executing only what changed.

    NAMES are sources without folder and ending, such as ch02_gap. On any error nothing is written.
    """
    from book.bilingual.build import build as run

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, object] = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done)  # type: ignore[arg-type]

        built = run(root, names, jobs=jobs, force=force, allow_stand_in=allow_stand_in, progress=progress)
    for warning in built.warnings:
        click.echo(click.style("warning: ", fg="yellow") + str(warning), err=True)
    for name, seconds in built.executed.items():
        click.echo(f"executed {name} in {seconds:.0f} s")
    for path in built.written:
        click.echo(f"wrote {path}")
    if not built.written:
        click.echo("everything is up to date")
