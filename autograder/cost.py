"""`python -m autograder.cost [ASSIGNMENT…]`: CPU seconds to grade one hand-in in a cold kernel, and
our share of them.

Each assignment's solved notebook runs in a fresh kernel as jupyter_client starts it, without the
fork server: once as a student hands it in, once with the hidden cases in its test cells, as stock
nbgrader grades it. CPU time is user and system time of the kernel's process and of all that it
started. Ours is what the second takes more than the first (judge, probe, reference, their imports).
Measured in turns, smallest of `--rounds`.
"""

from __future__ import annotations

import os
import re
import resource
import tempfile

import click
import nbformat
from nbclient import NotebookClient
from rich.console import Console
from rich.table import Table

from autograder import exercise
from autograder.exercise import ROOT

# seconds of CPU that grading one notebook may take, and that of them may be ours
TOTAL, OURS = 15.0, 3.0
_HIDDEN = re.compile(
    r"^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS\n?", re.MULTILINE | re.DOTALL
)


def cpu_of_children() -> float:
    """User and system seconds of all processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def without_hidden_cases(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The solved notebook as a student hands it in."""
    plain: nbformat.NotebookNode = nbformat.from_dict(notebook)
    for cell in plain.cells:
        cell.source = _HIDDEN.sub("", cell.source)
    return plain


def cpu_seconds(notebook: nbformat.NotebookNode) -> float:
    """CPU seconds of a cold kernel that runs a notebook from start to end. Raises what a cell
    raises.
    """
    before = cpu_of_children()
    with tempfile.TemporaryDirectory(prefix="cost-") as scratch:
        client = NotebookClient(
            notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": scratch}}
        )
        manager = client.create_kernel_manager()
        # sockets in a folder: no port to clash
        manager.transport, manager.ip = "ipc", f"{scratch}/kernel"
        client.execute(
            env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"}
        )
    return cpu_of_children() - before


def measure(name: str, rounds: int = 1) -> tuple[float, float]:
    """(CPU seconds in all, CPU seconds that are ours) for grading one solved notebook."""
    source = ROOT / "solutions" / "ko" / name / f"{name}.ipynb"
    if not source.is_file():
        raise click.ClickException(
            f"{source} is missing: nothing to measure. Run `make notebooks`."
        )
    graded = nbformat.read(source, as_version=4)
    plain = without_hidden_cases(graded)
    if plain == graded:
        raise click.ClickException(
            f"{source} holds no hidden cases: nothing to measure. Run `make notebooks`."
        )
    with_us, alone = [], []
    for _ in range(rounds):
        alone.append(cpu_seconds(nbformat.from_dict(plain)))
        with_us.append(cpu_seconds(nbformat.from_dict(graded)))
    return min(with_us), min(with_us) - min(alone)


@click.command()
@click.argument("assignments", nargs=-1)
@click.option(
    "--rounds", default=1, show_default=True, help="Measure so often; the smallest counts."
)
def main(assignments: tuple[str, ...], rounds: int) -> None:
    """Print CPU seconds per assignment (all by default); exit 1 where grading one notebook takes
    too much.
    """
    names = list(assignments) or exercise.names()
    table = Table(
        "assignment",
        "CPU, s",
        "ours, s",
        "within limits",
        title="Grading one notebook in a cold kernel",
    )
    found = {}
    with Console(stderr=True).status("measuring") as status:
        for name in names:
            status.update(f"measuring {name}")
            found[name] = measure(name, rounds)
    for name, (total, ours) in found.items():
        table.add_row(
            name, f"{total:.1f}", f"{ours:.1f}", "yes" if total < TOTAL and ours < OURS else "NO"
        )
    Console().print(table)
    raise SystemExit(any(total >= TOTAL or ours >= OURS for total, ours in found.values()))


if __name__ == "__main__":
    main()
