"""Where a class's data lies, and who may read it.

`$COURSE_DIR` is the class's working tree; a relative path counts from the project's root, whichever
folder a command runs in. Unset it is `class/`, which git, the site and `make clean` leave alone;
the sample class that comes with the project has a tree of its own, `_build/sample`. Only the owner
may read a tree, save for the exchange, which is for everyone on the machine; a tree whose folder
carries the setgid bit is left as its group wants it (nbgrader's `groupshared`).
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path

from autograder import settings
from autograder.errors import GradingError

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "_build" / "sample"
# the default of the first edition, which `make clean` would delete
_FORMER = ROOT / "_build" / "course"
_STEPS = ("submitted", "autograded", "feedback", "downloaded", "reports", "release", "solution")


def course_dir() -> Path:
    """The class's working tree. Raises `GradingError` when one lies where the first edition
    put it.
    """
    if settings.COURSE_DIR.is_set():
        return settings.COURSE_DIR()
    if (_FORMER / "gradebook.db").is_file() and not (ROOT / "class").exists():
        raise GradingError(
            f"{_FORMER} holds a gradebook, and a class is now kept in {ROOT / 'class'}, where `make"
            f" clean` cannot delete it. Move it: mv {_FORMER} {ROOT / 'class'}. To use it where it"
            f" is, set COURSE_DIR={_FORMER}."
        )
    return ROOT / "class"


def gradebook_url() -> str:
    """SQLAlchemy's address of the gradebook: `$COURSE_DB`, else SQLite in the class's tree."""
    return settings.COURSE_DB() or f"sqlite:///{course_dir() / 'gradebook.db'}"


def exchange_dir() -> Path:
    """nbgrader's exchange: `$COURSE_EXCHANGE`, else `exchange/` in the class's tree."""
    return settings.COURSE_EXCHANGE() or course_dir() / "exchange"


def prepare() -> Path:
    """Make the class's tree, and keep what lies in it from other accounts; called by every command.
    Returns the tree.

    nbgrader's steps have their folders made here: its `collect`, for one, would make its own
    writable for everyone.
    """
    course, exchange = course_dir(), exchange_dir()
    course.mkdir(parents=True, exist_ok=True)
    inside = exchange.parent == course
    if inside and not exchange.is_dir():
        exchange.mkdir()
        exchange.chmod(0o777)
    if not course.stat().st_mode & stat.S_ISGID:
        for step in _STEPS:
            (course / step).mkdir(exist_ok=True)
        if not settings.COURSE_DB.is_set():
            with contextlib.suppress(FileExistsError):
                os.close(
                    os.open(course / "gradebook.db", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                )
        _close(course, 0o711 if inside else 0o700)
        for path in course.iterdir():
            if path != exchange:
                _close(path, 0o700)
    return course


def _close(path: Path, allowed: int) -> None:
    """Take away what `allowed` does not grant, where the file is there and ours."""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~allowed:
            path.chmod(mode & allowed)


if __name__ == "__main__":  # for the Makefile: the tree that `make formgrader` opens
    try:
        print(course_dir())
    except GradingError as problem:
        sys.exit(str(problem))
