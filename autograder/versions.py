"""`python -m autograder.versions [ASSIGNMENT…]`: does the oldest that pyproject.toml allows grade
as the newest does?

For each end of the ranges of ipykernel, torch, numpy and matplotlib this makes an environment below
`_build/versions`, which takes all other packages from the one that runs this, and grades the sample
classes in it, of all assignments where none is named. The points have to be the teacher's in both.
A package whose range is one version is taken as it is. Needs the package index; called by `make
versions`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from rich.console import Console
from rich.table import Table

from autograder import exercise, submitted
from autograder.errors import AutograderError, GradingError
from autograder.exercise import ROOT

NAMES = ("ipykernel", "torch", "numpy", "matplotlib")
_REPORT = """import importlib.metadata, json
from autograder.outcome import results
names = {names!r}
points = {{name: {{r.student: r.points for r in results(name)}} for name in {assignments!r}}}
print(json.dumps([{{name: importlib.metadata.version(name) for name in names}}, points]))
"""


def requirements() -> dict[str, Requirement]:
    """The ranges of `NAMES` in pyproject.toml. Raises `GradingError` for one that is not there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found = {item.name: item for item in map(Requirement, project["optional-dependencies"]["run"])}
    if missing := [name for name in NAMES if name not in found]:
        raise GradingError(
            f"pyproject.toml requires no {', '.join(missing)} to run: nothing to compare."
        )
    return {name: found[name] for name in NAMES}


def end_of(requirement: Requirement, which: str) -> str:
    """What pip is asked for at one end of a range; empty where the range is one version. Raises
    `GradingError` for a range without a lower bound.
    """
    bounds = {part.operator: part.version for part in requirement.specifier}
    if "==" in bounds:
        return ""
    if which == "newest":
        return str(requirement)
    if ">=" not in bounds:
        raise GradingError(
            f"{requirement} in pyproject.toml has no lower bound: there is no oldest version to"
            " try."
        )
    return f"{requirement.name}=={bounds['>=']}"


def environment(which: str) -> Path:
    """Make the environment of one end; returns its interpreter. Raises `GradingError` with pip's
    last lines.
    """
    folder = ROOT / "_build" / "versions" / which
    shutil.rmtree(folder, ignore_errors=True)
    wanted = [
        asked for requirement in requirements().values() if (asked := end_of(requirement, which))
    ]
    python = folder / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", "--without-pip", str(folder)],
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "-q",
            "--no-deps",
            *wanted,
        ],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
            raise GradingError(f"the {which} versions cannot be installed:\n{tail}")
    (own,) = folder.glob("lib/python*/site-packages")
    shared = sysconfig.get_paths()["purelib"]  # after the environment's own, `.pth` files included
    (own / "shared.pth").write_text(f"import site; site.addsitedir({shared!r})\n", "utf-8")
    return python


def graded(
    which: str, python: Path, assignments: list[str]
) -> tuple[dict[str, str], dict[str, dict[str, float]]]:
    """Grade the sample classes there: (versions, assignment to student to points). Raises
    `GradingError`.
    """
    own = {
        **os.environ,
        "COURSE_DIR": str(python.parents[1] / "class"),
        "COURSE_SECRET": "versions",
    }
    own.pop("COURSE_DB", None)
    for name in assignments:
        done = subprocess.run(
            [python, "-m", "autograder.grade", name],
            cwd=ROOT,
            env=own,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
            raise GradingError(f"{name} cannot be graded with the {which} versions:\n{tail}")
    script = _REPORT.format(names=NAMES, assignments=assignments)
    said = subprocess.run(
        [python, "-c", script], cwd=ROOT, env=own, capture_output=True, text=True, check=True
    ).stdout
    versions, points = json.loads(said.splitlines()[-1])
    return versions, points


def main(arguments: list[str]) -> int:
    """Print one row per environment; 1 when a hand-in gets other points than the teacher's."""
    assignments = arguments or exercise.names()
    wanted = {
        name: {str(one.student): one.points for one in submitted.sample_class(name)}
        for name in assignments
    }
    table, wrong = Table(title="sample class"), []
    for column in ("versions", *NAMES, "hand-ins", "as the teacher"):
        table.add_column(column)
    for which in ("oldest", "newest"):
        versions, points = graded(which, environment(which), assignments)
        pairs = [(name, student) for name in assignments for student in wanted[name]]
        same = [pair for pair in pairs if points[pair[0]].get(pair[1]) == wanted[pair[0]][pair[1]]]
        wrong += [
            f"{which}: {name} of {student}"
            for name, student in pairs
            if (name, student) not in same
        ]
        table.add_row(which, *(versions[name] for name in NAMES), str(len(pairs)), str(len(same)))
    console = Console()
    console.print(table)
    for line in wrong:
        console.print(f"{line} gets other points than the teacher gives", highlight=False)
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except AutograderError as problem:
        sys.exit(str(problem))
