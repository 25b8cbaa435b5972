"""`python -m autograder.engine ASSIGNMENT`: grade what was handed in. Run where nbgrader's configuration is."""

import json
import sys
from pathlib import Path

import click
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from ..errors import AutograderError
from ..sandbox import NEEDED, Limits
from . import report
from .classrun import Options, Outcome, grade_class
from .one import Graded
from .session import Budget

CONFIG = "nbgrader_config.py"


def load_config(given: str | None) -> Config:
    """nbgrader's configuration: as JSON from the hook, else from the file beside this package."""
    if given is not None:
        return Config(json.loads(given))
    here = Path.cwd() if (Path.cwd() / CONFIG).is_file() else Path(__file__).resolve().parent.parent
    return PyFileConfigLoader(CONFIG, path=str(here)).load_config()


def run(course: CourseDirectory, assignment: str, options: Options, config: Config, console: Console) -> Outcome:
    """Grade with a progress bar. The bar refreshes from here: a thread of its own would forbid forking workers."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[latest]}"),
    )
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as progress:
        task = progress.add_task(assignment, total=None, latest="starting the fork server")

        def show(done: int, total: int, latest: Graded | None) -> None:
            name = (
                ""
                if latest is None
                else f"{latest.student}: {'failed' if latest.failure else f'{latest.seconds:.1f} s'}"
            )
            progress.update(task, completed=done, total=total, latest=name)
            progress.refresh()

        return grade_class(course, assignment, options, show, config)


@click.command()
@click.argument("assignment")
@click.option("--workers", default=0, help="processes; 0: as many as cores")
@click.option("--force", is_flag=True, help="grade again what is unchanged, too")
@click.option("--student", "students", multiple=True, help="only this student (may be repeated)")
@click.option(
    "--accept-missing",
    default="",
    help="sandbox layers to do without, separated by commas, or `all`: no sandbox at all; recorded in the gradebook",
)
@click.option("--cell-seconds", default=Budget.cell_s, show_default=True)
@click.option("--memory-mib", default=Limits.memory_mib, show_default=True)
@click.option("--cluster", default="", help="address of a Dask scheduler whose workers grade, e.g. tcp://host:8786")
@click.option("--db", default="", help="the gradebook, e.g. postgresql+psycopg://user@host/course; default $COURSE_DB")
@click.option("--config-json", default=None, hidden=True)
def main(
    assignment: str,
    workers: int,
    force: bool,
    students: tuple[str, ...],
    accept_missing: str,
    cell_seconds: float,
    memory_mib: int,
    cluster: str,
    db: str,
    config_json: str | None,
) -> None:
    """Grade the hand-ins of ASSIGNMENT in the sandbox; only what is new or changed."""
    console = Console()
    config = load_config(config_json)
    if db:
        config.CourseDirectory.db_url = db
    course = CourseDirectory(config=config)
    options = Options(
        workers=workers, force=force, students=students,
        accept_missing=tuple(name for name in accept_missing.split(",") if name),
        budget=Budget(cell_s=cell_seconds), limits=Limits(memory_mib=memory_mib), cluster=cluster,
    )  # fmt: skip
    try:
        outcome = run(course, assignment, options, config, console)
    except AutograderError as error:
        raise click.ClickException(str(error)) from None
    page = report.write(outcome, assignment, Path(course.root) / "reports" / assignment)
    report.show(outcome, console)
    if off := [name for name in outcome.layers.problems if name in NEEDED]:
        what = f"WITHOUT {', '.join(off)}" if outcome.layers.active else "with NO SANDBOX AT ALL"
        console.print(f"Graded {what}, as you accepted.", style="bold red")
    console.print(f"report: {page}", soft_wrap=True, highlight=False)
    sys.exit(1 if outcome.failed or outcome.refused else 0)


if __name__ == "__main__":
    main()
