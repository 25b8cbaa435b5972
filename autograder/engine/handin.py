"""Reading a hand-in from disk without following anything that the student put there.

A hand-in is a folder `<student>/<assignment>/` with one notebook. Names are data: they are checked,
never pasted into patterns or paths that were not checked. Files are opened without following links,
and only regular files with one name are read; whatever else lies there is reported and left alone.
Only the notebook and `timestamp.txt` are used: the course's notebooks need no other file, and a
student's `torch.py` next to one must not be importable.
"""

import fnmatch
import hashlib
import itertools
import os
import re
import stat
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from .. import printable
from ..errors import Unreadable
from ..reading import MAX_BYTES, Cell, Finding, read_notebook
from .stamps import as_utc

MAX_FILES = 500
MAX_FOLDER = 64 << 20  # bytes of all notebooks in a folder
MAX_ID = 128  # characters of a student's id in the gradebook: PostgreSQL insists on it
_MAX_STAMP = 200
SECRET = "submission_secret.txt"  # nbgrader's exchange names a hand-in's feedback by it
LMS_FILE = "lms.txt"  # written by collect: what the LMS says and a timestamp cannot
_EXPECTED = (".ipynb_checkpoints", "feedback", SECRET)  # left there by Jupyter and nbgrader
_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):  # each where the system has it
    _FLAGS |= getattr(os, _name, 0)


@dataclass(frozen=True)
class Seen:
    """A hand-in that was looked at and not read. `facts`: all but the bytes and the time that a
    result depends on.
    """

    student: str
    assignment: str
    folder: Path
    digest: str
    stamp: str | None
    facts: str


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
    if any(unicodedata.category(char) == "Cf" for char in name):
        return "holds a character that cannot be seen, such as a mark that turns text around"
    if name[0] in "=+-@":
        return f"begins with {name[0]}, which spreadsheets and commands take for something else"
    if set(name) & set('/\\<>&"`\0'):
        return "holds a character that paths or web pages give a meaning to"
    # its globs skip the one and read the other as a pattern
    if name.startswith(".") or "[" in name:
        return "begins with a dot or holds a bracket, so nbgrader's commands would not find it"
    return None


def stands_for_others(name: str, names: Iterable[str]) -> str | None:
    """Why nbgrader would take a folder's name for a pattern, and so for other students' folders,
    too; None if not.
    """
    if set(name) & set("*?") and any(
        other != name and fnmatch.fnmatchcase(other, name) for other in names
    ):
        return "is a pattern that fits other students' folders"
    return None


def look(folder: Path, student: str, assignment: str, known: Collection[str] = ()) -> Seen:
    """What lies in `folder`, without reading anything of it as a notebook: the coordinator's part,
    which no content can stop, slow or fill. Never raises for what a student can put there. `known`:
    files that the course gave out.
    """
    findings: list[Finding] = []
    try:
        notebooks, stamp = _look_around(folder, known, findings)
    except OSError as error:
        findings.append(_unreadable(error))
        notebooks, stamp = {}, None
    facts = repr((sorted(notebooks), findings))
    return Seen(student, assignment, folder, _digest(notebooks), stamp, facts)


def read(
    folder: Path,
    student: str,
    assignment: str,
    answers: Collection[str] = (),
    *,
    notebook: str = "",
    among: Collection[str] = (),
    known: Collection[str] = (),
) -> HandIn:
    """The hand-in in `folder`. Never raises for what a student can put there. `answers`: grade ids
    of the assignment's solution cells, by which its notebook is told from others. `notebook`: its
    name, if not the assignment's; `among`: the names of all, where there are several. `known`:
    files that the course gave out.
    """
    findings: list[Finding] = []
    try:
        notebooks, stamp = _look_around(folder, known, findings)
    except OSError as error:
        return HandIn(student, assignment, None, (_unreadable(error),), _digest({}))
    digest = _digest(notebooks)
    wanted = f"{notebook or assignment}.ipynb"
    several = len(among) > 1
    chosen = (
        _exactly(notebooks, wanted, findings)
        if several
        else _choose(notebooks, wanted, answers, findings)
    )
    if chosen is None:
        return HandIn(student, assignment, None, tuple(findings), digest, stamp)
    try:
        cells, more = read_notebook(notebooks[chosen])
    except Unreadable as error:
        findings.append(Finding("unreadable", f"{printable.quoted(chosen)}: {error}"))
        return HandIn(student, assignment, None, tuple(findings), digest, stamp)
    return HandIn(student, assignment, tuple(cells), (*findings, *more), digest, stamp)


def _digest(notebooks: dict[str, bytes]) -> str:
    return hashlib.sha256(b"".join(data for _, data in sorted(notebooks.items()))).hexdigest()


def _unreadable(error: OSError) -> Finding:
    return Finding("unreadable", f"The folder cannot be read ({error.strerror}): scores 0.")


def _look_around(
    folder: Path, known: Collection[str], findings: list[Finding]
) -> tuple[dict[str, bytes], str | None]:
    """The folder's notebooks by name, and the timestamp's text."""
    notebooks: dict[str, bytes] = {}
    stamp, left = None, MAX_FOLDER
    with os.scandir(folder) as entries:
        listed = sorted(
            itertools.islice(entries, 20 * MAX_FILES), key=lambda entry: os.fsencode(entry.name)
        )
    if len(listed) > MAX_FILES:
        findings.append(
            Finding(
                "files",
                f"The folder holds {len(listed):,} entries; the first {MAX_FILES} are looked at.",
            )
        )
    ignored = []
    for entry in listed[:MAX_FILES]:
        information = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(information.st_mode) or (
            stat.S_ISREG(information.st_mode) and information.st_nlink > 1
        ):
            kind = "symbolic" if stat.S_ISLNK(information.st_mode) else "hard"
            findings.append(
                Finding("link", f"{printable.quoted(entry.name)} is a {kind} link; refused.")
            )
        elif stat.S_ISREG(information.st_mode) and entry.name.lower().endswith(".ipynb"):
            content = _read_file(entry.path)
            if len(content) <= left:
                notebooks[entry.name] = content
                left -= len(content)
            else:
                what = (
                    f"{printable.quoted(entry.name)} is beyond the {MAX_FOLDER >> 20} MiB that are"
                    " read"
                )
                findings.append(Finding("files", f"{what} of a folder; left out."))
        elif stat.S_ISREG(information.st_mode) and entry.name == "timestamp.txt":
            stamp = _stamp(_read_file(entry.path)[:_MAX_STAMP], findings)
        elif stat.S_ISREG(information.st_mode) and entry.name == LMS_FILE:
            if b"late" in _read_file(entry.path)[:_MAX_STAMP]:
                findings.append(
                    Finding(
                        "late", "The LMS marks this hand-in as late and does not say by how much."
                    )
                )
        elif entry.name not in _EXPECTED and entry.name not in known:
            ignored.append(entry.name)
    if ignored:
        names = ", ".join(map(printable.quoted, ignored[:5])) + (", …" if len(ignored) > 5 else "")
        findings.append(Finding("files", f"Files beside the notebook are not used: {names}."))
    return notebooks, stamp


def exchange_secret(folder: Path) -> str:
    """The text by which nbgrader's exchange names this hand-in's feedback; empty where there is
    none that could be.
    """
    try:
        text = _read_file(str(folder / SECRET))[: _MAX_STAMP + 1].decode("ascii")
    except (OSError, UnicodeDecodeError):
        return ""
    return text if len(text) <= _MAX_STAMP and text.isalnum() else ""


def _read_file(path: str) -> bytes:
    """At most one byte more than a notebook may have; never through a link that has taken the
    file's place.
    """
    descriptor = os.open(path, _FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MAX_BYTES + 1)


def _stamp(data: bytes, findings: list[Finding]) -> str | None:
    """The time of handing in, in UTC as nbgrader keeps it; None if the file holds none."""
    text = data.decode("utf-8", "replace").strip()
    try:
        moment = as_utc(text)
    except ValueError:
        shown = printable.quoted(text)
        findings.append(
            Finding("timestamp", f"timestamp.txt holds {shown} and no time; ignored, never late.")
        )
        return None
    if not 2000 <= moment.year < 2200:
        shown = printable.quoted(text)
        findings.append(
            Finding("timestamp", f"timestamp.txt holds {shown}, a year that cannot be; ignored.")
        )
        return None
    return f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC"


def _exactly(notebooks: dict[str, bytes], wanted: str, findings: list[Finding]) -> str | None:
    """One of several notebooks, by its name alone."""
    for name in notebooks:
        if unicodedata.normalize("NFC", name) == wanted:
            return name
    findings.append(
        Finding(
            "absent", f"There is no {wanted} in the folder: its cells score 0. Ask for it.", wanted
        )
    )
    return None


def _choose(
    notebooks: dict[str, bytes], wanted: str, answers: Collection[str], findings: list[Finding]
) -> str | None:
    """The notebook to grade: the one with the wanted name, else the one with most of its function
    cells.
    """
    if not notebooks:
        findings.append(
            Finding(
                "unreadable", f"There is no notebook in the folder: scores 0. Ask for {wanted}."
            )
        )
        return None
    same = [name for name in notebooks if unicodedata.normalize("NFC", name) == wanted]
    if len(notebooks) == 1:
        (only,) = notebooks
        if not same:
            findings.append(
                Finding(
                    "renamed",
                    f"The notebook is called {printable.quoted(only)}, taken for {wanted}.",
                )
            )
        return only
    ranked = sorted(
        notebooks, key=lambda name: (_worth(notebooks[name], answers), name in same, name)
    )
    findings.append(
        Finding(
            "files",
            f"There are {len(notebooks)} notebooks; {printable.quoted(ranked[-1])} is graded.",
        )
    )
    return ranked[-1]


def _worth(data: bytes, answers: Collection[str]) -> int:
    """How much of an answer a notebook seems to hold: its solution cells, by id or by what they
    define, and twice those that are no stubs.
    """
    try:
        cells, _ = read_notebook(data)
    except Unreadable:
        return -1
    found = [
        cell
        for cell in cells
        if (
            cell.grade_id in answers
            if answers and cell.grade_id
            else cell.flags.get("solution") and not answers
        )
        or (
            not cell.grade_id
            and any(
                re.search(rf"^(?:def|class) {re.escape(name)}\b", cell.source, re.M)
                for name in answers
            )
        )
    ]
    return sum(1 + ("NotImplementedError" not in cell.source) for cell in found)
