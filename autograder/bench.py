"""`python -m autograder.bench`: how fast the engine is beside stock nbgrader, on this machine, in
one interleaved run.

Prints Markdown tables: hand-ins per second of both, for an honest class and for one whose cells
compute for seconds, by the same command on the same class; the time until a kernel is ready, warm
with and without the sandbox and cold; what the sandbox adds. Rounds of both graders alternate, so
that a change in the machine's load meets both. It is a measurement and no test: nothing fails here.
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
from rich.console import Console
from traitlets.config import Config

from . import exercise
from .engine.server import probe_sources
from .kernels.client import KernelClient
from .kernels.handle import ForkServer, WarmKernel, describe
from .sandbox import Limits, probe

ROOT = Path(__file__).resolve().parent.parent


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
    """The same for a kernel as jupyter_client starts it, with torch imported, as a grading kernel
    needs it.
    """
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
    for name, seconds in (
        ("warm, sandboxed", inside),
        ("warm, plain", outside),
        ("cold, with torch", cold),
    ):
        console.print(f"| {name} | {_in_ms(seconds)} |")
    added = (statistics.median(inside) - statistics.median(outside)) * 1e3
    console.print(
        f"\nThe sandbox adds {added:.1f} ms per kernel (median). Layers:"
        f" {', '.join(report.active)}."
    )
    console.print(f"The fork server holds {private:.1f} MiB more than when it was ready.")


def make_class(root: Path, assignment: str, count: int, seconds: float) -> None:
    """A released course with `count` honest hand-ins; `seconds`: how long a cell of each
    computes.
    """
    source = ROOT / "solutions" / "ko" / assignment
    if not source.is_dir():
        raise click.ClickException(
            f"{source} is missing: nothing to release. Run `make notebooks`."
        )
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
        code = (
            f"import time\nend = time.process_time() + {seconds}\nwhile time.process_time() <"
            " end:\n    pass"
        )
        notebook.cells.insert(0, nbformat.v4.new_code_cell(code))
    for number in range(count):
        folder = root / "submitted" / f"student{number:04}" / assignment
        folder.mkdir(parents=True)
        given = copy.deepcopy(notebook)
        given.cells.append(nbformat.v4.new_markdown_cell(f"student {number}"))
        nbformat.write(given, folder / f"{assignment}.ipynb")


def _config(root: Path) -> Config:
    return Config({"CourseDirectory": {"root": str(root)}})


def _autograde(root: Path, assignment: str, count: int, stock: bool) -> float:
    """Seconds of `nbgrader autograde` on the first `count` students, from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder)
        for name in ("source", "release", "gradebook.db"):
            path = root / name
            (shutil.copytree if path.is_dir() else shutil.copy)(path, part / name)
        for student in sorted((root / "submitted").iterdir())[:count]:
            shutil.copytree(student, part / "submitted" / student.name)
        if not stock:
            (part / "nbgrader_config.py").write_text(
                "from autograder.engine import hook\n\nhook.install()\n"
            )
        command = [
            sys.executable, "-m", "nbgrader", "autograde", assignment,
            f"--course-dir={part}", "--ExecutePreprocessor.timeout=60",
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        started = time.perf_counter()
        done = subprocess.run(command, cwd=part, env=environment, capture_output=True, text=True)
        seconds = time.perf_counter() - started
        if done.returncode or len(list(part.glob("autograded/*/*/*.ipynb"))) != count:
            raise click.ClickException(
                f"{' '.join(command)} did not grade {count} hand-ins:\n{done.stderr[-2000:]}"
            )
    return seconds


def classes(assignment: str, count: int, rounds: int, console: Console) -> None:
    """`nbgrader autograde` with the engine and as it comes, in alternating rounds: one hand-in, and
    two classes.
    """
    console.print(
        f"`nbgrader autograde {assignment}`, from its start to its end, median of {rounds}"
        " alternating rounds:"
    )
    console.print(
        "\n| class | hand-ins | engine, s | stock, s | engine, per s | stock, per s | ratio |"
    )
    console.print("|---|---|---|---|---|---|---|")
    for title, size, seconds in (
        ("honest", 1, 0.0),
        ("honest", count, 0.0),
        ("a cell computes 5 s", count // 6, 5.0),
    ):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            make_class(root, assignment, size, seconds)
            ours, theirs = [], []
            for _ in range(rounds):
                ours.append(_autograde(root, assignment, size, stock=False))
                theirs.append(_autograde(root, assignment, size, stock=True))
        mine, stock = statistics.median(ours), statistics.median(theirs)
        console.print(
            f"| {title} | {size} | {mine:.1f} | {stock:.1f} | {size / mine:.2f} |"
            f" {size / stock:.3f} | {stock / mine:.1f} |"
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
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {load:.1f}"
        f" before; Python {platform.python_version()}, torch {torch.__version__}, Linux"
        f" {platform.release()}."
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
