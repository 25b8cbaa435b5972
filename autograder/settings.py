"""Every environment variable that this package reads: its name, its type, its default, what it may
be.

A variable is read when it is asked for, so that a test or a notebook may set it. `check_all` reads
each once, for a command that wants to stop at its start.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from autograder.errors import SettingError

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Variable(Generic[T]):
    """`read` makes a value of a text; it raises `ValueError` with what is wrong and what to write
    instead. `meaning`: one sentence, for `--help` and for the manual. `option`: of
    `engine.Options`, and of `python -m autograder grade`, for which it stands.
    """

    name: str
    read: Callable[[str], T]
    default: T
    meaning: str
    option: str = ""

    def __call__(self) -> T:
        """Its value. Raises `SettingError`. One that is set to nothing is not set."""
        text = os.environ.get(self.name, "")
        if not text:
            return self.default
        try:
            return self.read(text)
        except ValueError as error:
            raise SettingError(f"{self.name} is {text!r}: {error}") from None

    def is_set(self) -> bool:
        """Whether it is set to anything."""
        return bool(os.environ.get(self.name))


def _place(text: str) -> Path:
    """A relative path counts from the project, whichever folder a command runs in."""
    return (ROOT / text).resolve()


def _one_of(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"set it to {' or '.join(known)}, or leave it unset")
        return text

    return read


def _yes(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("set it to 1 or 0, or leave it unset")
    return text == "1"


def _minutes(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 <= float(text) <= 24 * 60:
            return float(text)
    raise ValueError("set it to minutes from 0 to 1440, or leave it unset")


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


SECRET = Variable(
    "COURSE_SECRET",
    str.encode,
    b"",
    "what hidden inputs follow from; without it students can draw them",
)
ASSIGNMENTS = Variable(
    "AUTOGRADER_ASSIGNMENTS",
    _place,
    ROOT / "solutions" / "assignments",
    "folder of compiled assignments",
)
STOCK = Variable(
    "AUTOGRADER_STOCK", _yes, False, "1: leave `nbgrader autograde` as nbgrader made it"
)
ACCEPT_MISSING: Variable[tuple[str, ...]] = Variable(
    "AUTOGRADER_ACCEPT_MISSING",
    _names,
    (),
    "sandbox layers to do without, or `all`",
    "accept_missing",
)
CLUSTER = Variable(
    "AUTOGRADER_CLUSTER", str, "", "address of a Dask scheduler whose workers grade", "cluster"
)
KEEP_WARM = Variable(
    "AUTOGRADER_KEEP_WARM",
    _minutes,
    0.0,
    "minutes for which a run leaves its fork server running",
    "keep_warm",
)
COURSE_DIR = Variable("COURSE_DIR", _place, ROOT / "class", "the class's working tree")
COURSE_LANG = Variable("COURSE_LANG", _one_of("ko", "en"), "ko", "the edition that is released")
COURSE_DB = Variable(
    "COURSE_DB", str, "", "the gradebook's SQLAlchemy URL, if it is not in the class's tree"
)
COURSE_EXCHANGE: Variable[Path | None] = Variable(
    "COURSE_EXCHANGE", _place, None, "nbgrader's exchange, if it is not in the class's tree"
)
COURSE_ID = Variable("COURSE_ID", str, "from-pooling-to-gap", "the course's name in the exchange")

ALL: tuple[Variable[Any], ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Variable)
)


def check_all() -> None:
    """Raise `SettingError` for the first variable that holds what it may not."""
    for variable in ALL:
        variable()


def options() -> dict[str, Any]:
    """What the environment says of how to grade: fields of `engine.Options`."""
    return {each.option: each() for each in ALL if each.option and each.is_set()}


def engine_options() -> list[str]:
    """The same as options of `python -m autograder grade`. Raises `SettingError`."""
    said = [(each.option, os.environ[each.name]) for each in ALL if each.option in options()]
    return [part for name, text in said for part in (f"--{name.replace('_', '-')}", text)]
