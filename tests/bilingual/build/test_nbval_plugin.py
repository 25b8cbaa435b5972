"""nbval on generated notebooks: passes as built, fails on each planted disagreement."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from book.bilingual.lesson.values import Value, disagreement

from ..conftest import Edit

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOK = "notebooks/ko/ch90_sums.ipynb"
ALT_VALUE = (
    '"expr": "total",\n       "format": ".2f",\n       "text": "4.15",\n       "tolerance": ""'
)


def nbval(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with our plugin alone on a course that is not this one."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "book.bilingual.build.nbval_plugin",
        "-p",
        "no:cacheprovider",
    ]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    (root / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = subprocess.run(
        [*command, "--nbval", *arguments],
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
        timeout=900,
    )
    return done


def test_every_notebook_passes_as_built_on_two_workers(course: Path) -> None:
    done = nbval(course, "-n", "2", "--dist", "loadfile", "notebooks", "solutions")
    assert done.returncode == 0, done.stdout
    # Each chapter edition: four cells, two texts with numbers. Each solution: three cells. No
    # student's exercise.
    assert "18 passed" in done.stdout


def test_whatever_disagrees_with_the_run_is_caught(course: Path, edit: Edit) -> None:
    edit(NOTEBOOK, '"value": 4.14626', '"value": 4.17626')
    edit(NOTEBOOK, '"text": "3"', '"text": "4"')
    edit(NOTEBOOK, ALT_VALUE, ALT_VALUE.replace("total", "totals"))
    edit(NOTEBOOK, '"4.146\\n"', '"4.147\\n"')
    done = nbval(course, NOTEBOOK)
    assert done.returncode == 1
    assert (
        "the prose 'result-1' disagrees with the run: LIMIT is 3, the prose says 4; total is 4.1462"
        in done.stdout
    )
    assert (
        "the prose 'result-3' disagrees with the run: totals does not resolve: NameError"
        in done.stdout
    )
    assert "Cell outputs differ" in done.stdout
    assert "3 failed, 3 passed" in done.stdout


def entry(tolerance: str, text: str = "0.80", value: float | None = 0.8) -> dict[str, object]:
    return {"expr": "acc", "format": ".2f", "tolerance": tolerance, "text": text, "value": value}


@pytest.mark.parametrize(
    ("tolerance", "fresh", "agrees"),
    [
        ("", Value("0.80", 0.801), True),
        ("", Value("0.81", 0.81), False),
        ("±0.05", Value("0.84", 0.84), True),
        ("±0.05", Value("0.86", 0.86), False),
        ("±0.05", Value("x", None), False),
        ("any", Value("99.00", 99.0), True),
        ("any", Value("x", None), False),
        ("±0.05 real", Value("0.10", 0.1, real=False), True),
        ("±0.05 real", Value("0.10", 0.1, real=True), False),
    ],
)
def test_a_value_is_compared_within_its_declared_tolerance(
    tolerance: str, fresh: Value, agrees: bool
) -> None:
    assert (disagreement(entry(tolerance), fresh) == "") == agrees
