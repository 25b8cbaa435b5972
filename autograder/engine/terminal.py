"""The terminal of whoever started a run, for the progress bar: handed on through processes whose
output is captured.

`make grade` captures what nbgrader prints, and nbgrader's hook what the engine prints. So each
hands its child a copy of the terminal's descriptor beside the captured streams, and says its number
in `$AUTOGRADER_TERMINAL`.
"""

import functools
import os
import sys
from typing import Any, TextIO

VARIABLE = "AUTOGRADER_TERMINAL"


def hand_on() -> dict[str, Any]:
    """Arguments for `subprocess` with which the child can reach the terminal; without one, just the
    environment.
    """
    number = os.environ.get(VARIABLE) or _own()
    if not number:
        return {"env": dict(os.environ)}
    return {"env": {**os.environ, VARIABLE: number}, "pass_fds": (int(number),)}


@functools.cache
def _own() -> str:
    """A copy of the standard error stream's descriptor if that is a terminal."""
    return str(os.dup(2)) if os.name == "posix" and os.isatty(2) else ""


def stream() -> TextIO:
    """Where the progress bar goes: the terminal that was handed on, else the standard error
    stream.
    """
    number = os.environ.get(VARIABLE)
    return open(int(number), "w", encoding="utf-8") if number else sys.stderr
