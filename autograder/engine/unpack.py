"""Unpacks a hand-in's archive: notebooks only, below the target only, bounded in number, size and
depth.

Theory of operation. An archive is a student's, or a whole class's with the students' archives
inside. Of each entry the name is checked before anything is written (never joined as it is), and
only notebooks and further archives are read; links, devices and other files are not made. Reading
is counted in bytes that come *out*, so that a bomb ends at the bound whatever it claims. Budgets
are nested: an archive inside another one has a small budget of its own that also counts against the
outer one, so a bomb in a class's archive costs the student who sent it and nobody else. What
crosses a bound is refused whole and named; the rest is unpacked.
"""

import contextlib
import gzip
import io
import os
import re
import shutil
import stat
import struct
import tarfile
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from ..errors import ArchiveRefused
from ..printable import quoted as shown
from ..reading import MAX_BYTES
from .names import notebook_stem

ARCHIVES = (".zip", ".gz", ".tgz")
# nobody's work is passed over without a word
UNREAD = (".7z", ".alz", ".bz2", ".egg", ".rar", ".tar", ".xz")
MAX_DEPTH = 3  # a class's archive, a student's in it, and one that the student has put into that
_LITTER = {
    "__MACOSX", ".ipynb_checkpoints", "__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini",
    "timestamp.txt",
    "submission_secret.txt",
}  # fmt: skip
_DIRECTORY_BYTES = 8 << 20  # of a zip's list of entries, which zipfile reads whole
_END, _END64 = b"PK\x05\x06", b"PK\x06\x07"
_OUTER, _INNER = (20_000, 512 << 20), (1_000, 96 << 20)  # entries, bytes


@dataclass
class _Budget:
    """What an archive may still hold. `name`: as messages show it."""

    name: str
    entries: int
    bytes: int
    outer: "_Budget | None" = None

    def spend(self, entries: int = 0, read: int = 0) -> None:
        self.entries -= entries
        self.bytes -= read
        if self.entries < 0 or self.bytes < 0:
            what = "entries" if self.entries < 0 else "bytes"
            raise _Over(
                self,
                f"{self.name} holds more {what} than are unpacked; refused. Ask for the notebook"
                " alone.",
            )
        if self.outer is not None:
            self.outer.spend(entries, read)


class _Over(ArchiveRefused):
    """A budget is used up: ends the archive whose budget it is, and not the one around it."""

    def __init__(self, budget: _Budget, message: str) -> None:
        super().__init__(message)
        self.budget = budget


@dataclass(frozen=True)
class _Entry:
    """`problem`: why it is not read at all; `stream` opens its content."""

    name: str
    problem: str
    stream: IO[bytes] | None = field(default=None, repr=False)


def stem(name: str) -> str:
    """An archive's name without its suffixes: the folder into which it is unpacked."""
    return re.sub(r"(\.tar)?\.(zip|gz|tgz)$", "", name, flags=re.IGNORECASE)


def kind(name: str) -> str:
    """The suffix that tells what a file is, in lower case."""
    return Path(name).suffix.lower()


def unread(name: str) -> str:
    """What is said of an archive of a kind in `UNREAD`."""
    return (
        f"{shown(name)} is an archive of a kind that is not read; refused. Ask for a zip, or for"
        " the notebook alone."
    )


def is_litter(parts: Sequence[str]) -> bool:
    """What systems and tools leave beside people's files; nobody misses it."""
    return not set(parts).isdisjoint(_LITTER) or parts[-1].startswith(("._", "~$", ".git"))


def as_notebook(name: str) -> str:
    """The name under which a notebook is kept, whatever hangs behind its `.ipynb`."""
    return f"{Path(name).stem}.ipynb" if kind(name) == ".ipynb" else f"{name}.ipynb"


def odd_notebook(name: str) -> str:
    """What is said of a notebook that a browser or Drive has given another suffix."""
    return f"{shown(name)} is not called .ipynb; taken for a notebook."


def other_kind(name: str) -> str:
    """What is said of a file that is neither a notebook nor an archive."""
    return (
        f"{shown(name)} is no notebook; not used. If it is somebody's work, ask for the .ipynb"
        " file."
    )


def unpack(archive: Path, target: Path) -> list[str]:
    """Put the notebooks of `archive` below `target`; returns what was refused, one sentence each.
    Never raises for what an archive can hold.
    """
    refused: list[str] = []
    with open(archive, "rb") as file:
        _unpack(file, archive.name, target, _Budget(shown(archive.name), *_OUTER), 1, refused)
    return refused


def _unpack(
    file: IO[bytes], name: str, target: Path, budget: _Budget, depth: int, refused: list[str]
) -> None:
    before = len(refused)
    if os.path.lexists(target):
        refused.append(
            f"{budget.name} would be unpacked over {shown(target.name)}, which is there; refused."
            " Rename it."
        )
        return
    try:
        for entry in _entries(file, name, budget):
            try:
                _take(entry, target, budget, depth, refused)
            except _Over:
                raise
            except ArchiveRefused as problem:
                refused.append(f"{budget.name}: {problem}")
            except Exception as error:  # one entry is broken: the others are other people's
                what = f"{type(error).__name__}: {str(error)[:100]}"
                refused.append(
                    f"{budget.name}: {shown(entry.name)} cannot be read ({what}); not unpacked."
                )
    except Exception as error:  # whatever a hostile file makes the standard library's readers raise
        shutil.rmtree(target, ignore_errors=True)
        del refused[before:]
        if isinstance(error, _Over) and error.budget is not budget:
            raise
        reason = (
            f"{budget.name} cannot be read ({type(error).__name__}: {str(error)[:100]}); refused."
            " Ask for it again."
        )
        refused.append(str(error) if isinstance(error, ArchiveRefused) else reason)


def _take(entry: _Entry, target: Path, budget: _Budget, depth: int, refused: list[str]) -> None:
    suffix = kind(entry.name)
    parts = _parts(entry.name)
    if is_litter(parts):
        return
    is_notebook = notebook_stem(parts[-1]) is not None
    if not is_notebook and suffix not in (*ARCHIVES, *UNREAD):
        raise ArchiveRefused(other_kind(entry.name))
    if entry.problem or entry.stream is None:
        raise ArchiveRefused(f"{shown(entry.name)} {entry.problem}; not unpacked.")
    if suffix in UNREAD:
        raise ArchiveRefused(unread(entry.name))
    place = target.joinpath(*parts)
    if is_notebook:
        place = place.with_name(as_notebook(parts[-1]))
        content = _read(entry, MAX_BYTES, budget)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with open(place, "xb") as file:
                file.write(content)
        except FileExistsError:
            raise ArchiveRefused(
                f"{shown(entry.name)} is there twice; the first is taken."
            ) from None
        except OSError as error:
            raise ArchiveRefused(
                f"{shown(entry.name)} cannot be written ({error.strerror}); not unpacked."
            ) from None
        if suffix != ".ipynb":
            refused.append(f"{budget.name}: {odd_notebook(entry.name)}")
        return
    inner = _Budget(f"{budget.name} → {shown(parts[-1])}", *_INNER, outer=budget)
    if depth == MAX_DEPTH:
        raise ArchiveRefused(
            f"{shown(entry.name)} is an archive inside {MAX_DEPTH} others; not unpacked. Ask for"
            " the notebook alone."
        )
    content = _read(entry, _INNER[1], budget)
    _unpack(
        io.BytesIO(content), parts[-1], place.with_name(stem(parts[-1])), inner, depth + 1, refused
    )


def _parts(name: str) -> tuple[str, ...]:
    """The folders and the name of an entry, NFC. Raises `ArchiveRefused` for a path that is not
    plainly below the archive.
    """
    path = unicodedata.normalize("NFC", name).replace("\\", "/")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    problem = ""
    if path.startswith("/") or re.match(r"[A-Za-z]:", path):
        problem = "is an absolute path"
    elif ".." in parts or not parts:
        problem = "leads out of the archive"
    elif any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in path):
        problem = "holds a control character"
    if problem:
        raise ArchiveRefused(
            f"{shown(name)} {problem}; not unpacked. It may be an attack: look at the archive."
        )
    return parts


def _read(entry: _Entry, limit: int, budget: _Budget) -> bytes:
    """All of an entry, counted while it is read. Raises `ArchiveRefused` beyond `limit`."""
    assert entry.stream is not None
    data = bytearray()
    while chunk := entry.stream.read(1 << 18):
        budget.spend(read=len(chunk))
        data += chunk
        if len(data) > limit:
            raise ArchiveRefused(
                f"{shown(entry.name)} has more than {limit:,} bytes; not unpacked. Ask for it"
                " without outputs."
            )
    return bytes(data)


def _entries(file: IO[bytes], name: str, budget: _Budget) -> Iterator[_Entry]:
    if kind(name) == ".zip":
        yield from _zip_entries(file, budget)
    else:
        yield from _tar_entries(file, budget)


def _zip_entries(file: IO[bytes], budget: _Budget) -> Iterator[_Entry]:
    _check_directory(file, budget)
    with zipfile.ZipFile(file) as archive:
        budget.spend(entries=len(archive.infolist()))
        for entry in archive.infolist():
            mode = entry.external_attr >> 16
            problem = "is a link" if stat.S_ISLNK(mode) else ""
            if entry.flag_bits & 1:
                problem = "is encrypted"
            elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                # those ways expand without bound in one step
                problem = "is compressed in a way that is not read"
            if entry.is_dir():
                continue
            if problem:
                yield _Entry(_zip_name(entry), problem)
                continue
            with archive.open(entry) as stream:
                yield _Entry(_zip_name(entry), "", stream)


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name. Where the zip does not say that it is UTF-8, Korean Windows means CP949; a
    name in the line drawing of old DOS was made of one by a program that did not know.
    """
    name = entry.filename
    flagged = bool(entry.flag_bits & 0x800)
    if name.isascii() or (flagged and not re.search("[\u2500-\u259f]", name)):
        return name
    for encoding in ("utf-8", "cp949"):
        with contextlib.suppress(UnicodeError):
            found = name.encode("cp437").decode(encoding)
            if not flagged or re.search("[가-힣]", found):
                return found
    return name


def _check_directory(file: IO[bytes], budget: _Budget) -> None:
    """Before zipfile reads a zip's whole list of entries: is it of a sane length?"""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - (1 << 16) - 22 - 20))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise ArchiveRefused(
            f"{budget.name} is no zip file, or is cut off; refused. Ask for it again."
        )
    (length,) = struct.unpack_from("<I", tail, at + 12)
    if length > _DIRECTORY_BYTES or tail[max(0, at - 20) : at].startswith(_END64):
        raise ArchiveRefused(
            f"{budget.name} lists more entries than are unpacked; refused. Ask for the notebook"
            " alone."
        )
    file.seek(0)


class _Counted(io.RawIOBase):
    """A decompressed stream that ends in `_Over` once the budget is read."""

    def __init__(self, stream: io.BufferedIOBase, budget: _Budget) -> None:
        self._stream, self._budget = stream, budget

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(min(size, 1 << 20) if size >= 0 else 1 << 20)
        self._budget.spend(read=len(chunk))
        return chunk


def _tar_entries(file: IO[bytes], budget: _Budget) -> Iterator[_Entry]:
    with (
        gzip.GzipFile(fileobj=file) as plain,
        tarfile.open(
            fileobj=cast(IO[bytes], _Counted(plain, budget)), mode="r|", encoding="utf-8"
        ) as archive,
    ):
        for member in archive:
            budget.spend(entries=1)
            if member.isdir():
                continue
            stream = archive.extractfile(member) if member.isreg() else None
            yield _Entry(member.name, "" if stream is not None else "is a link or no file", stream)
