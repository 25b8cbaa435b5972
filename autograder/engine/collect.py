"""Brings what an LMS, or an instructor's folder, holds to the students whose work it is.

Theory of operation. Everything is unpacked (unpack.py) into one tree of notebooks. In it, the first
level at which names are students' is looked for: a folder or an archive that holds a class is
entered, be it the only one there or known by what it holds; one that holds a student's work is not,
whatever it is named inside. So only the outermost name that tells a student counts (names.py),
which the LMS or the instructor wrote, and no file that a student named can take another one's
place. What is not used is said by name.

`make grade` collects so, and so does nbgrader's `zip_collect`: nbgrader's own extractor follows
absolute names and links, unpacks without bound, and one broken or doubled file ends it for the
whole class. `BoundedExtractor` takes its place (`c.ZipCollectApp.extractor_plugin`) and leaves one
folder per student, which `FolderCollector` reads. What was refused is logged and kept in
`refused.json` beside the extracted files.
"""

import json
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

from ..printable import quoted as shown
from ..reading import MAX_BYTES
from .handin import LMS_FILE, student_problem
from .names import Name, notebook_stem, of_file, of_folder
from .stamps import as_utc
from .unpack import (
    ARCHIVES,
    UNREAD,
    as_notebook,
    is_litter,
    kind,
    odd_notebook,
    other_kind,
    stem,
    unread,
)
from .unpack import unpack as unpack_archive

REFUSED = "refused.json"
MAX_NAMED = 50  # files of other kinds that are named one by one
MAX_NOTEBOOKS = 20  # of one student


@dataclass
class Work:
    """One student's hand-in as it was found. `origin`: the outermost name that it came in; `own`:
    that name is the student's, and not a class's.
    """

    name: Name
    origin: str
    own: bool
    files: list[Path] = field(default_factory=list)
    student: str = ""
    stamp: str = ""  # in UTC

    def notebooks(self, assignment: str) -> dict[str, Path]:
        """File name to notebook, without those of other assignments and chapters."""
        short = assignment.partition("_")[0]
        mine = [path for path in self.files if not _is_of_another(path.stem, short)] or self.files
        if len(mine) == 1:
            return {f"{assignment}.ipynb": mine[0]}
        wanted = sorted(mine, key=lambda path: (assignment not in path.stem, str(path)))[
            :MAX_NOTEBOOKS
        ]
        return {
            f"{number}-{path.stem[-54:]}.ipynb": path
            for number, path in enumerate(sorted(wanted), 1)
        }


def _is_of_another(name: str, short: str) -> bool:
    found = name.casefold()
    return (
        found[:2] in ("ex", "ch")
        and found[2:4].isdigit()
        and found[4:5] == "_"
        and not found.startswith(short)
    )


def gather(source: Path, tree: Path, assignment: str) -> tuple[list[Work], list[str]]:
    """Unpack `source`, a folder or an archive, into `tree`, and tell whose the notebooks in it are:
    the hand-ins, one per student, and what is worth a look, one sentence each. Never raises for
    what students sent.
    """
    said: list[str] = []
    others: list[str] = []
    archives: set[Path] = set()
    for path, place in _files(source, tree, said):
        if notebook_stem(path.name) is not None:
            said += _copy(path, place.with_name(as_notebook(place.name)))
            said += [odd_notebook(path.name)] if kind(path.name) != ".ipynb" else []
        elif kind(path.name) in ARCHIVES:
            into = place.with_name(stem(place.name))
            archives.add(into)
            for line in unpack_archive(path, into):
                (others if "is no notebook; not used" in line else said).append(line)
        elif kind(path.name) in UNREAD:
            said.append(unread(path.name))
        else:
            others.append(
                other_kind(str(path.relative_to(source) if source.is_dir() else path.name))
            )
    if len(others) > MAX_NAMED:
        others[MAX_NAMED:] = [f"… and {len(others) - MAX_NAMED} more files that are no notebooks."]
    top = _top(tree, assignment)
    for folder in sorted(path for path in _source_of(top, tree, source).glob("*") if path.is_dir()):
        name = unicodedata.normalize("NFC", folder.name)
        if not is_litter([name]) and not any((top / name).rglob("*.ipynb")):
            said.append(f"{shown(name)}: no notebook in the folder; nothing is handed in.")
    found = list(_class(top, assignment, archives, said))
    return _settle(found, said), [*said, *others]


def _files(source: Path, tree: Path, said: list[str]) -> Iterator[tuple[Path, Path]]:
    """(file, its place in the tree), in order; links are followed nowhere."""
    if source.is_file():
        yield source, tree / unicodedata.normalize("NFC", source.name)
        return
    for root, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not is_litter([name]))
        for name in sorted(names):
            path = Path(root) / name
            if path.is_symlink():
                said.append(
                    f"{shown(str(path.relative_to(source)))} is a link; not used. Ask for the file"
                    " itself."
                )
            elif path.is_file() and not is_litter([name]):
                yield path, tree / unicodedata.normalize("NFC", str(path.relative_to(source)))


def _copy(source: Path, target: Path) -> list[str]:
    if source.stat().st_size > MAX_BYTES:
        return [
            f"{shown(source.name)} has more than {MAX_BYTES:,} bytes; refused. Ask for it without"
            " outputs."
        ]
    if target.exists():
        return [f"{shown(source.name)} is there twice, written in two ways; the first is taken."]
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return []


def _top(tree: Path, assignment: str) -> Path:
    """The folder whose children are students: the tree, or a class's export that is all there is in
    it.
    """
    while len(inside := _children(tree)) == 1 and inside[0].is_dir():
        if not _holds_class(inside[0], assignment, lone=True, archive=True):
            break
        tree = inside[0]
    return tree


def _source_of(place: Path, tree: Path, source: Path) -> Path:
    """The folder that was unpacked to `place`; one that is nowhere if it came out of an archive."""
    parts = place.relative_to(tree).parts
    return source.joinpath(*parts) if source.is_dir() else source / "nowhere"


def _class(top: Path, assignment: str, archives: set[Path], said: list[str]) -> Iterator[Work]:
    """The hand-ins of a class's folder."""
    for child in _children(top):
        if child.is_dir() and _holds_class(
            child, assignment, lone=False, archive=child in archives
        ):
            found = [
                _work(inner, assignment, child.name, False, said, child in archives)
                for inner in _children(child)
            ]
            yield from (work for work in found if work)
        elif work := _work(child, assignment, child.name, True, said, child in archives):
            yield work


def _children(folder: Path) -> list[Path]:
    """What in a folder is, or holds, a notebook."""
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        path
        for path in inside
        if path.is_file() or any(found.is_file() for found in path.rglob("*.ipynb"))
    ]


def _holds_class(folder: Path, assignment: str, lone: bool, archive: bool) -> bool:
    """Are the names inside students', and this folder's is not? A folder that stands beside others
    is a student's unless it says that it is not, or holds what only an LMS writes.
    """
    own = of_folder(folder.name, assignment, archive)
    inside = _children(folder)
    names = [_told(path, assignment) for path in inside]
    told = [name for name in names if name is not None]
    if own is not None and own.form:
        return False
    if (
        lone
        and len(inside) == 1
        and inside[0].is_dir()
        and _holds_class(inside[0], assignment, lone, archive)
    ):
        return True  # however many folders stand between the archive and the students'
    if not told:
        return False
    if own is None or sum(name.form for name in told) * 2 > len(inside) > (0 if lone else 1):
        return True
    return (lone or (archive and len(told) > 2)) and len(told) * 2 > len(inside) > 1


def _told(path: Path, assignment: str, archive: bool = False) -> Name | None:
    if path.is_dir():
        return of_folder(path.name, assignment, archive)
    return of_file(notebook_stem(path.name) or path.stem, assignment)


def _work(
    path: Path, assignment: str, origin: str, own: bool, said: list[str], archive: bool = False
) -> Work | None:
    """The hand-in that a file or a folder of a class is; None, with the reason said, if its name
    tells no student.
    """
    name = _told(path, assignment, archive)
    label = shown(path.name if path.name == origin else f"{origin}/{path.name}")
    problem = student_problem(name.student) if name else None
    if name is None or problem:
        why = (
            f"the student's id {shown(name.student)} {problem}"
            if name
            else "its name tells no student"
        )
        said.append(f"{label}: {why}; not collected. Rename it and collect again.")
        return None
    files = (
        [path]
        if path.is_file()
        else sorted(found for found in path.rglob("*.ipynb") if found.is_file())
    )
    made = Work(name, origin, own, files, name.student)
    if name.stamp:
        try:
            made.stamp = f"{as_utc(name.stamp):%Y-%m-%d %H:%M:%S} UTC"
        except ValueError:
            said.append(f"{label}: {shown(name.stamp)} is no time that can be read; never late.")
    if name.late:
        said.append(
            f"{shown(name.student)}: the LMS marks this hand-in as late and does not say by how"
            " much; no penalty is taken. Take one by hand, if there is one."
        )
    return made


def _settle(found: list[Work], said: list[str]) -> list[Work]:
    """One hand-in per student. Two persons of one name are told apart by the LMS's numbers."""
    by_student: dict[str, list[Work]] = {}
    for work in found:
        by_student.setdefault(work.name.student, []).append(work)
    settled: list[Work] = []
    for student, works in by_student.items():
        numbers = {work.name.number for work in works}
        if len(numbers) > 1 and "" not in numbers and all(work.own for work in works):
            named = ", ".join(shown(f"{student} ({number})") for number in sorted(numbers))
            said.append(
                f"{shown(student)}: {len(numbers)} students of this name; they are called {named}"
                " here."
            )
            for number in sorted(numbers):
                same = [work for work in works if work.name.number == number]
                settled += _one(f"{student} ({number})", same, said)
        else:
            settled += _one(student, works, said)
    for work in settled:
        if len(work.files) > 1:
            said.append(
                f"{work.student!r}: {len(work.files)} notebooks, and not one alone is called as the"
                " assignment is; all are handed in, the one with most answers is graded. The"
                " incident report names it."
            )
    _say_strangers(settled, said)
    return settled


def _one(student: str, works: list[Work], said: list[str]) -> list[Work]:
    """The hand-in of one student, of what came in this name; none if nobody can tell whose it
    is.
    """
    believed = [work for work in works if work.own] or works
    taken = believed if believed[0].own or len({work.origin for work in believed}) == 1 else []
    if len(taken) < len(works):
        names = ", ".join(shown(_label(work)) for work in works)
        chosen = ", ".join(shown(_label(work)) for work in taken)
        what = f"{chosen} is taken" if taken else "none is taken, nobody can tell whose"
        said.append(
            f"{shown(student)}: {len(works)} hand-ins in this name ({names}); {what}. Check who"
            " sent which."
        )
    if not taken:
        return []
    files = [path for work in taken for path in work.files]
    first = taken[0]
    return [
        Work(first.name, first.origin, first.own, files, student, max(work.stamp for work in taken))
    ]


def _label(work: Work) -> str:
    return work.origin if work.own else f"{work.origin}/{work.student}"


def _say_strangers(found: list[Work], said: list[str]) -> None:
    """Archives that hold hand-ins in other names than their own: a class's export, or somebody's
    trick.
    """
    others: dict[str, list[str]] = {}
    for work in found:
        if not work.own:
            others.setdefault(work.origin, []).append(work.student)
    for origin, students in sorted(others.items()):
        names = ", ".join(map(shown, sorted(students)[:5])) + (", …" if len(students) > 5 else "")
        said.append(
            f"The archive {shown(origin)} holds hand-ins in the names of {names}: right for a"
            " class's export, wrong for one student's archive."
        )


def keep_said(folder: Path, said: list[str]) -> None:
    """Write what is worth a look into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(said, ensure_ascii=False, indent=1)
    (folder / REFUSED).write_text(
        text.encode("utf-8", "replace").decode("utf-8") + "\n", encoding="utf-8"
    )


def lms_note(work: Work) -> str:
    """What the LMS says of a hand-in that a timestamp cannot; empty if nothing."""
    return "late\n" if work.name.late else ""


class BoundedExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Unpacks the `archive` folder, and leaves in `extracted` a folder per student."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """nbgrader's entry point. Never fails for what students sent."""
        target = Path(extracted_path)
        course = getattr(self.parent, "coursedir", None)
        assignment = str(course.assignment_id if course is not None else target.parent.name)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unpacked-") as tree:
            found, said = gather(Path(archive_path), Path(tree), assignment)
            for work in found:
                folder = target / work.student
                folder.mkdir(parents=True, exist_ok=True)
                for name, path in work.notebooks(assignment).items():
                    shutil.copyfile(path, folder / name)
                for name, text in (("timestamp.txt", work.stamp), (LMS_FILE, lms_note(work))):
                    if text:
                        (folder / name).write_text(text, encoding="utf-8")
        for line in said:
            self.log.warning("%s", line)
        keep_said(target.parent, said)


class FolderCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Reads what `BoundedExtractor` has left: `<student>/<file>`."""

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """nbgrader's entry point: whose file it is, and its name without suffix."""
        path = Path(submitted_file)
        if path.name == "timestamp.txt":
            return None
        found: dict[str, Any] = {"student_id": path.parent.name, "file_id": path.stem}
        stamp = path.with_name("timestamp.txt")
        if stamp.is_file():
            found["timestamp"] = stamp.read_text(encoding="utf-8")
        return found
