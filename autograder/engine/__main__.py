"""`python -m autograder grade ASSIGNMENT`: grade what was handed in. Run where nbgrader's
configuration is.

The fork server starts first: torch and nbgrader take this process seconds to import, and the server
as long to import what it needs, on another core. So those imports are inside functions here.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .. import exercise, settings
from ..__main__ import leave
from ..errors import AutograderError
from ..kernels.keeper import AnyServer
from ..sandbox import NEEDED, LayerReport, Limits, demand, probe
from . import terminal
from .clock import Budget
from .options import Options
from .server import start_server

if TYPE_CHECKING:
    from traitlets.config import Config

    from .classrun import Outcome
    from .graded import Graded

CONFIG = "nbgrader_config.py"


def load_config(given: str | None) -> Config:
    """nbgrader's configuration: from the hook as JSON `{"config": …, "files": […]}`, where what the
    files say beyond JSON (a plugin's class) is added; else from the file in the current folder,
    else beside this package. JSON without `files` is the configuration itself.
    """
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    def load(path: Path) -> Config:
        return PyFileConfigLoader(path.name, path=str(path.parent)).load_config()

    if given is None:
        here = (
            Path.cwd()
            if (Path.cwd() / CONFIG).is_file()
            else Path(__file__).resolve().parent.parent
        )
        return load(here / CONFIG)
    settings = json.loads(given)
    if "files" not in settings:
        return Config(settings)
    config = Config()
    for path in settings["files"]:
        if path.endswith(".py"):
            config.merge(load(Path(path)))
    config.merge(Config(settings["config"]))
    return config


def _import_the_rest(assignment: str) -> None:
    """torch and nbgrader, without what they would only wait for. torch first: it asks of each
    operator in which module it was defined, and Python then goes through all that are there.
    """
    gc.disable()  # what imports make stays
    if exercise.is_compiled(assignment):
        importlib.import_module("torch")
    importlib.import_module(f"{__package__}.classrun")
    importlib.import_module(f"{__package__}.report")
    gc.enable()


def grade(
    assignment: str,
    options: Options,
    load: Callable[[], Config],
    console: Console,
    first: Callable[[], bool] = lambda: False,
) -> tuple[Outcome, Path]:
    """Grade with a progress bar; also returns the report's page. `load`: gives nbgrader's
    configuration; `first`: is called while the fork server starts, and says whether all hand-ins
    are to be graded anew. Raises `AutograderError`.
    """
    with contextlib.ExitStack() as stack:
        layers, server = None, None
        if not options.cluster:
            layers = probe()
            demand(layers, options.accept_missing)
            if layers.active and exercise.is_compiled(assignment):
                server = start_server(layers, keep_warm=options.keep_warm)
                stack.callback(server.close)
        return _run(assignment, options, load, console, first, layers, server)


def _run(
    assignment: str,
    options: Options,
    load: Callable[[], Config],
    console: Console,
    first: Callable[[], bool],
    layers: LayerReport | None,
    server: AnyServer | None,
) -> tuple[Outcome, Path]:
    """The bar refreshes from here: a thread of its own would forbid forking workers."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[latest]}"),
    )
    bar = Console(file=terminal.stream())
    with Progress(*columns, console=bar, auto_refresh=False, transient=True) as progress:
        starting = "starting the fork server"
        task = progress.add_task(assignment, total=None, latest=starting)
        progress.refresh()
        _import_the_rest(assignment)
        from nbgrader.coursedir import CourseDirectory

        from . import report, secret
        from .classrun import grade_class

        config = load()
        if first():
            options = replace(options, force=True)
        course = CourseDirectory(config=config)
        notes = (
            secret.notes(course.db_url, assignment, settings.SECRET())
            if exercise.is_compiled(assignment)
            else ()
        )
        for line in notes:
            console.print(line, style="bold", soft_wrap=True, highlight=False, markup=False)

        def show(done: int, total: int, latest: Graded | None) -> None:
            name = starting
            if latest is not None:
                name = (
                    f"{latest.student}: {'failed' if latest.failure else f'{latest.seconds:.1f} s'}"
                )
            progress.update(task, completed=done, total=total, latest=name)
            progress.refresh()

        outcome = grade_class(course, assignment, options, show, config, server, layers)
    page = report.write(outcome, assignment, Path(course.root) / "reports" / assignment)
    return outcome, page


def told_of_layers(outcome: Outcome, console: Console) -> None:
    """Say what the instructor has consented to do without."""
    if off := [name for name in outcome.layers.problems if name in NEEDED]:
        what = f"WITHOUT {', '.join(off)}" if outcome.layers.active else "with NO SANDBOX AT ALL"
        console.print(f"Graded {what}, as you accepted.", style="bold red")


@click.command()
@click.argument("assignment")
@click.option("--workers", default=0, help="processes; 0: one more than cores")
@click.option("--force", is_flag=True, help="grade again what is unchanged, too")
@click.option("--student", "students", multiple=True, help="only this student (may be repeated)")
@click.option(
    "--accept-missing",
    default="",
    help=(
        "sandbox layers to do without, separated by commas, or `all`: no sandbox at all; recorded"
        " in the gradebook"
    ),
)
@click.option(
    "--cell-seconds", default=Budget.cell_s, show_default=True, help="a cell may take so long"
)
@click.option(
    "--memory-mib",
    default=Limits.memory_mib,
    show_default=True,
    help="a kernel may take so much more",
)
@click.option(
    "--cluster",
    default="",
    help="address of a Dask scheduler whose workers grade, e.g. tcp://host:8786",
)
@click.option(
    "--db",
    default="",
    help="the gradebook, e.g. postgresql+psycopg://user@host/course; default $COURSE_DB",
)
@click.option(
    "--keep-warm",
    default=0.0,
    type=click.FloatRange(0, 24 * 60),
    metavar="MINUTES",
    help="leave the fork server running for so long after the run; the next one starts sooner",
)
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
    keep_warm: float,
    config_json: str | None,
) -> None:
    """Grade the hand-ins of ASSIGNMENT in the sandbox; only what is new or changed.

    Reads nbgrader_config.py in this folder and submitted/STUDENT/ASSIGNMENT; writes points and
    comments into the gradebook, the graded notebooks below autograded/, and a report of what is
    worth a look below reports/. A run that was stopped is simply run again. Exit status 1: some
    hand-in could not be graded; the report says which, and why.
    """
    console = Console()
    accepted = tuple(name for name in accept_missing.split(",") if name)

    if db:  # as the variable: a course's configuration makes no other gradebook then
        os.environ[settings.COURSE_DB.name] = db

    def load() -> Config:
        config = load_config(config_json)
        if db:
            config.CourseDirectory.db_url = db
        return config

    options = Options(
        workers=workers, force=force, students=students, accept_missing=accepted,
        budget=Budget(cell_s=cell_seconds), limits=Limits(memory_mib=memory_mib),
        cluster=cluster, keep_warm=keep_warm,
    )  # fmt: skip
    try:
        outcome, page = grade(assignment, options, load, console)
    except AutograderError as error:
        raise click.ClickException(str(error)) from None
    from . import report

    report.show(outcome, console)
    told_of_layers(outcome, console)
    console.print(f"report: {page}", soft_wrap=True, highlight=False)
    if keep_warm and not cluster:
        console.print(
            f"Kernels are kept warm for {keep_warm:g} minutes; `python -m autograder kernels end`"
            " ends that.",
            soft_wrap=True,
        )
    sys.exit(1 if outcome.failed or outcome.refused else 0)


if __name__ == "__main__":
    try:
        main()
    except SystemExit as ended:
        leave(ended)
