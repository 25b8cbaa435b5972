"""`python -m autograder.bench`: how fast the engine is beside stock nbgrader, on this machine, in one interleaved
run.

Prints Markdown tables: hand-ins per second of both, for an honest class and for one whose cells compute for seconds;
the time until a kernel is ready, warm with and without the sandbox and cold; what the sandbox adds. Rounds of both
graders alternate, so that a change in the machine's load meets both. It is a measurement and no test: nothing fails
here.
"""

import copy
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import nbformat
from jupyter_client.manager import start_new_kernel
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from traitlets.config import Config

from . import exercise
from .engine import hook
from .engine.classrun import Options, grade_class
from .engine.session import probe_sources
from .kernels.client import KernelClient
from .kernels.handle import ForkServer, WarmKernel, describe
from .sandbox import Limits, probe

ROOT = Path(__file__).resolve().parent.parent
Row = tuple[str, float]


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _in_ms(values: list[float]) -> str:
    return f"{_percentile(values, 0.5) * 1e3:.0f} | {_percentile(values, 0.99) * 1e3:.0f}"


def warm_start(server: ForkServer) -> float:
    """Seconds from the request to a kernel that answers."""
    started = time.perf_counter()
    kernel = WarmKernel(server.address, limits=Limits().as_dict())
    client = KernelClient(kernel)
    client.wait_ready()
    seconds = time.perf_counter() - started
    client.close()
    kernel.kill()
    return seconds


def cold_start() -> float:
    """The same for a kernel as jupyter_client starts it, with torch imported, as a grading kernel needs it."""
    started = time.perf_counter()
    manager, client = start_new_kernel()
    client.execute_interactive("import torch", timeout=120)
    seconds = time.perf_counter() - started
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return seconds


def kernels(count: int, console: Console) -> None:
    """Time to ready, sandboxed and plain interleaved."""
    report = probe()
    console.print("starting two fork servers…", style="dim")
    with (
        ForkServer(report.active, report.privileged, sources=probe_sources()) as confined,
        ForkServer(sources=probe_sources()) as plain,
    ):
        inside, outside = [], []
        for _ in range(count):
            inside.append(warm_start(confined))
            outside.append(warm_start(plain))
        private = describe(confined.address)["rss_kib"] / 1024
    cold = [cold_start() for _ in range(3)]
    console.print("\n| kernel ready | p50, ms | p99, ms |\n|---|---|---|")
    for name, seconds in (("warm, sandboxed", inside), ("warm, plain", outside), ("cold, with torch", cold)):
        console.print(f"| {name} | {_in_ms(seconds)} |")
    added = (statistics.median(inside) - statistics.median(outside)) * 1e3
    console.print(f"\nThe sandbox adds {added:.1f} ms per kernel (median). Layers: {', '.join(report.active)}.")
    console.print(f"The fork server holds {private:.1f} MiB more than when it was ready.")


def make_class(root: Path, assignment: str, count: int, seconds: float) -> None:
    """A released course with `count` honest hand-ins; `seconds`: how long a cell of each computes."""
    source = ROOT / "solutions" / "ko" / assignment
    if not source.is_dir():
        raise click.ClickException(f"{source} is missing: nothing to release. Run `make notebooks`.")
    shutil.copytree(source, root / "source" / assignment)
    answer = NbGraderAPI(config=_config(root)).generate_assignment(assignment)
    if not answer["success"]:
        raise click.ClickException(f"nbgrader generate_assignment failed:\n{answer['log']}")
    notebook = nbformat.read(root / "release" / assignment / f"{assignment}.ipynb", 4)
    solutions = exercise.load(assignment).solutions
    for cell in notebook.cells:
        name = (cell.metadata.get("nbgrader") or {}).get("grade_id")
        cell.source = solutions.get(name, cell.source) if name else cell.source
    if seconds:
        code = f"import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end:\n    pass"
        notebook.cells.insert(0, nbformat.v4.new_code_cell(code))
    for number in range(count):
        folder = root / "submitted" / f"student{number:04}" / assignment
        folder.mkdir(parents=True)
        given = copy.deepcopy(notebook)
        given.cells.append(nbformat.v4.new_markdown_cell(f"student {number}"))
        nbformat.write(given, folder / f"{assignment}.ipynb")


def _config(root: Path) -> Config:
    return Config({"CourseDirectory": {"root": str(root)}})


def _engine(root: Path, assignment: str) -> Row:
    first: list[float] = []

    def progress(done: int, total: int, latest: object) -> None:
        if done == 1 and not first:
            first.append(time.perf_counter())

    started = time.perf_counter()
    outcome = grade_class(CourseDirectory(config=_config(root)), assignment, Options(force=True), progress)
    total = time.perf_counter() - started
    if outcome.failed:
        raise click.ClickException(f"the engine failed on {sorted(outcome.failed)}")
    return f"{first[0] - started:.1f} s to the first", len(outcome.graded) / total


def _stock(root: Path, assignment: str, count: int) -> Row:
    """nbgrader as it comes, in a process of its own, on the first `count` students."""
    hook.uninstall()
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder)
        for name in ("source", "release", "gradebook.db"):
            path = root / name
            (shutil.copytree if path.is_dir() else shutil.copy)(path, part / name)
        for student in sorted((root / "submitted").iterdir())[:count]:
            shutil.copytree(student, part / "submitted" / student.name)
        command = [
            sys.executable,
            "-m",
            "nbgrader",
            "autograde",
            assignment,
            f"--course-dir={part}",
            "--ExecutePreprocessor.timeout=60",
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "AUTOGRADER_STOCK": "1"}
        started = time.perf_counter()
        subprocess.run(command, cwd=part, env=environment, check=True, capture_output=True)
        return "", count / (time.perf_counter() - started)


def classes(assignment: str, count: int, rounds: int, console: Console) -> None:
    """Both graders on two classes, in alternating rounds. Stock nbgrader gets a part of the class per round: its rate
    does not depend on it.
    """
    per_round = max(1, count // rounds // 5)
    console.print("\n| class | engine, per s | stock, per s | ratio | engine's start |\n|---|---|---|---|---|")
    for title, seconds in (("honest", 0.0), ("a cell computes 5 s", 5.0)):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            make_class(root, assignment, count if not seconds else max(4, count // 6), seconds)
            ours, theirs, start = [], [], ""
            for _ in range(rounds):
                start, rate = _engine(root, assignment)
                ours.append(rate)
                theirs.append(_stock(root, assignment, per_round if not seconds else 2)[1])
        ratio = statistics.median(ours) / statistics.median(theirs)
        console.print(
            f"| {title} | {statistics.median(ours):.2f} | {statistics.median(theirs):.3f} | {ratio:.1f} | {start} |"
        )


@click.command()
@click.option("--assignment", default="ex02_gap_three_ways", show_default=True)
@click.option("--students", default=60, show_default=True)
@click.option("--rounds", default=2, show_default=True)
@click.option("--kernels", "kernel_count", default=100, show_default=True)
@click.option("--only", type=click.Choice(["kernels", "classes"]))
def main(assignment: str, students: int, rounds: int, kernel_count: int, only: str | None) -> None:
    """Print the benchmark's tables."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    console = Console(soft_wrap=True)
    import torch

    load = os.getloadavg()[0]
    console.print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {load:.1f} before; "
        f"Python {platform.python_version()}, torch {torch.__version__}, Linux {platform.release()}."
    )
    steps: dict[str, Callable[[], None]] = {
        "kernels": lambda: kernels(kernel_count, console),
        "classes": lambda: classes(assignment, students, rounds, console),
    }
    for name, step in steps.items():
        if only in (None, name):
            step()


if __name__ == "__main__":
    main()
