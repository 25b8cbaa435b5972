"""Reading a hand-in from disk without following anything that the student put there.

A hand-in is a folder `<student>/<assignment>/` with one notebook. Names are data: they are checked, never pasted into
patterns or paths that were not checked. Files are opened without following links, and only regular files with one
name are read; whatever else lies there is reported and left alone. Only the notebook and `timestamp.txt` are used:
the course's notebooks need no other file, and a student's `torch.py` next to one must not be importable.
"""

import hashlib
import os
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from dateutil.parser import ParserError
from nbgrader.utils import parse_utc

from ..repair import Cell, Finding, Unreadable, read_notebook

MAX_FILES = 500
MAX_ID = 128  # characters of a student's id in the gradebook: PostgreSQL insists on it
_MAX_STAMP = 200
_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):  # each where the system has it
    _FLAGS |= getattr(os, _name, 0)


@dataclass(frozen=True)
class HandIn:
    """What was read. `cells` is None when there is no notebook to grade; the findings say why."""

    student: str
    assignment: str
    cells: tuple[Cell, ...] | None
    findings: tuple[Finding, ...]
    digest: str  # of the notebook's bytes: the same for identical hand-ins, whoever made them
    stamp: str | None = None  # as in timestamp.txt, if valid
    answers: tuple[str, ...] = ()


def student_problem(name: str) -> str | None:
    """Why a folder's name cannot be a student's id; None if it can."""
    if (
        not name
        or name in (".", "..")
        or name != name.strip()
        or len(name) > MAX_ID
        or len(name.encode("utf-8", "replace")) > 200
    ):
        return "is empty, too long, or begins or ends with a blank"
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return "is not valid UTF-8"
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in name):
        return "holds a control character"
    if set(name) & set('/\\<>&"`\0'):
        return "holds a character that paths or web pages give a meaning to"
    if name.startswith(".") or "[" in name:  # its globs skip the one and read the other as a pattern
        return "begins with a dot or holds a bracket, so nbgrader's commands would not find it"
    return None


def read(folder: Path, student: str, assignment: str) -> HandIn:
    """The hand-in in `folder`. Never raises for what a student can put there."""
    findings: list[Finding] = []
    try:
        notebooks, stamp = _look_around(folder, assignment, findings)
        chosen = _choose(notebooks, assignment, findings)
    except OSError as error:
        findings.append(Finding("unreadable", f"The folder cannot be read ({error.strerror}): scores 0."))
        return HandIn(student, assignment, None, tuple(findings), "")
    digest = hashlib.sha256(b"".join(data for _, data in sorted(notebooks.items()))).hexdigest()
    if chosen is None:
        return HandIn(student, assignment, None, tuple(findings), digest, stamp)
    try:
        cells, more = read_notebook(notebooks[chosen])
    except Unreadable as error:
        findings.append(Finding("unreadable", f"{_shown(chosen)}: {error}"))
        return HandIn(student, assignment, None, tuple(findings), digest, stamp)
    return HandIn(student, assignment, tuple(cells), (*findings, *more), digest, stamp)


def _look_around(folder: Path, assignment: str, findings: list[Finding]) -> tuple[dict[str, bytes], str | None]:
    """The folder's notebooks by name, and the timestamp's text."""
    notebooks: dict[str, bytes] = {}
    stamp = None
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    if len(listed) > MAX_FILES:
        findings.append(
            Finding("files", f"The folder holds {len(listed):,} entries; the first {MAX_FILES} are looked at.")
        )
    ignored = []
    for entry in listed[:MAX_FILES]:
        information = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(information.st_mode) or (stat.S_ISREG(information.st_mode) and information.st_nlink > 1):
            kind = "symbolic" if stat.S_ISLNK(information.st_mode) else "hard"
            findings.append(Finding("link", f"{_shown(entry.name)} is a {kind} link; refused."))
        elif stat.S_ISREG(information.st_mode) and entry.name.lower().endswith(".ipynb"):
            notebooks[entry.name] = _read_file(entry.path)
        elif stat.S_ISREG(information.st_mode) and entry.name == "timestamp.txt":
            stamp = _stamp(_read_file(entry.path)[:_MAX_STAMP], findings)
        elif entry.name not in (".ipynb_checkpoints", "feedback"):
            ignored.append(entry.name)
    if ignored:
        names = ", ".join(map(_shown, ignored[:5])) + (", …" if len(ignored) > 5 else "")
        findings.append(Finding("files", f"Files beside the notebook are not used: {names}."))
    return notebooks, stamp


def _read_file(path: str) -> bytes:
    """At most one byte more than a notebook may have; never through a link that has taken the file's place."""
    from ..repair import MAX_BYTES

    descriptor = os.open(path, _FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MAX_BYTES + 1)


def _stamp(data: bytes, findings: list[Finding]) -> str | None:
    text = data.decode("utf-8", "replace").strip()
    try:
        parse_utc(text)
    except (ParserError, ValueError, OverflowError, TypeError):
        findings.append(Finding("timestamp", f"timestamp.txt holds {_shown(text)} and no time; ignored, never late."))
        return None
    return text


def _choose(notebooks: dict[str, bytes], assignment: str, findings: list[Finding]) -> str | None:
    """The notebook to grade: the one with the assignment's name, else the one with most of its function cells."""
    wanted = f"{assignment}.ipynb"
    if not notebooks:
        findings.append(Finding("unreadable", f"There is no notebook in the folder: scores 0. Ask for {wanted}."))
        return None
    same = [name for name in notebooks if unicodedata.normalize("NFC", name) == wanted]
    if len(notebooks) == 1:
        (only,) = notebooks
        if not same:
            findings.append(Finding("renamed", f"The notebook is called {_shown(only)}, taken for {wanted}."))
        return only
    ranked = sorted(notebooks, key=lambda name: (_worth(notebooks[name]), name in same, name))
    findings.append(Finding("files", f"There are {len(notebooks)} notebooks; {_shown(ranked[-1])} is graded."))
    return ranked[-1]


def _worth(data: bytes) -> int:
    """How much of an answer a notebook seems to hold: its readable solution cells, weighed by their length."""
    try:
        cells, _ = read_notebook(data)
    except Unreadable:
        return -1
    return sum(1 + ("NotImplementedError" not in cell.source) for cell in cells if cell.flags.get("solution"))


def _shown(name: str) -> str:
    """A student's string for a message: quoted, bounded, printable."""
    safe = name.encode("utf-8", "replace").decode("utf-8")
    return ascii(safe)[:80] if any(unicodedata.category(c).startswith("C") for c in safe) else repr(safe[:80])
