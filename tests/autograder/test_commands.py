"""One front: `python -m autograder`."""

import subprocess
import sys

import pytest

from autograder import exercise

BASE = [sys.executable, "-X", "importtime", "-m", "autograder"]


def said(*arguments: str) -> tuple[str, set[str]]:
    """What it printed, and the modules that it imported."""
    done = subprocess.run(
        [*BASE, *arguments], cwd=exercise.ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout, {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


def test_help_lists_every_command_and_imports_nothing_large() -> None:
    text, modules = said("--help")
    for name in ("grade", "sandbox", "kernels", "bench"):
        assert f"\n  {name} " in text
    assert not modules & {"torch", "nbgrader", "numpy", "nbformat"}


@pytest.mark.parametrize(
    ("command", "part"), [("grade", "--accept-missing"), ("kernels", "install")]
)
def test_a_commands_help_says_what_it_does(command: str, part: str) -> None:
    text, modules = said(command, "--help")
    assert part in text and "Usage: python -m autograder " + command in text
    assert not modules & {"torch", "nbgrader", "numpy"}
