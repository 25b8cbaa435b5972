"""What nbgrader's `zip_collect` uses here to unpack an LMS's download: bounded, one hand-in per student, no guesses.

nbgrader's own extractor follows absolute names and links, unpacks without bound, and one broken or doubled file ends it
for the whole class. `BoundedExtractor` takes its place (`c.ZipCollectApp.extractor_plugin`); nbgrader's collector then
finds only files that belong to exactly one student. What was refused is logged and kept in `refused.json` beside the
extracted files, for `make grade` to show.
"""

import json
import os
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

from ..repair import MAX_BYTES
from .handin import student_problem
from .unpack import ARCHIVES, UNREAD, kind, shown, stem, unpack, unread

REFUSED = "refused.json"


@dataclass(frozen=True)
class _Found:
    """A notebook that names a student. `origin`: the downloaded file that it came in; `own`: that file is the
    student's by its name, which the LMS gave.
    """

    path: Path
    student: str
    origin: str
    own: bool


class BoundedExtractor(ExtractorPlugin):
    """Unpacks the `archive` folder into `extracted`, then leaves one notebook per student and name."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """nbgrader's entry point. Never fails for what students sent."""
        target = Path(extracted_path)
        refused: list[str] = []
        for path in _files(Path(archive_path)):
            place = target / path.parent.relative_to(archive_path)
            if kind(path.name) in ARCHIVES:
                refused += unpack(path, place / unicodedata.normalize("NFC", stem(path.name)))
            elif kind(path.name) == ".ipynb":
                refused += _copy(path, (place / unicodedata.normalize("NFC", path.name)).with_suffix(".ipynb"))
            elif kind(path.name) in UNREAD:
                refused.append(unread(path.name))
        refused += settle(target, FileNameCollectorPlugin(parent=self))
        for line in refused:
            self.log.warning("%s", line)
        text = json.dumps(refused, ensure_ascii=False, indent=1)
        (target.parent / REFUSED).write_text(text + "\n", encoding="utf-8")


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = Path(root) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _copy(source: Path, target: Path) -> list[str]:
    if source.stat().st_size > MAX_BYTES:
        return [f"{shown(source.name)} has more than {MAX_BYTES:,} bytes; refused. Ask for it without outputs."]
    if target.exists():
        return [f"{shown(source.name)} is there twice, written in two ways; the first is taken."]
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return []


def settle(target: Path, collector: FileNameCollectorPlugin) -> list[str]:
    """Remove from `target` what names no student, or one that cannot be, and all but one of several hand-ins in one
    student's name; returns what was done. A file whose own name the LMS gave goes before one inside another's archive.
    """
    said: list[str] = []
    by_key: dict[tuple[str, str], list[_Found]] = {}
    for path in list(_files(target)):
        information = collector.collect(str(path))
        name = shown(str(path.relative_to(target)))
        student = (information or {}).get("student_id") or ""
        problem = student_problem(student) if information else None
        if information is None or problem:
            why = f"the student's id {shown(student)} {problem}" if problem else "its name tells no student"
            said.append(f"{name}: {why}; not collected. Rename it and collect again.")
            path.unlink()
            continue
        origin = path.relative_to(target).parts[0]
        own = path.parent == target or origin.partition("_")[0] == student
        by_key.setdefault((student, information["file_id"]), []).append(_Found(path, student, origin, own))
    for found in by_key.values():
        said += _keep_one(found, target)
    return said + _strangers([entry for found in by_key.values() for entry in found])


def _keep_one(found: list[_Found], target: Path) -> list[str]:
    if len(found) == 1:
        return []
    own = [entry for entry in found if entry.own]
    kept = own[-1] if own else None
    names = ", ".join(shown(str(entry.path.relative_to(target))) for entry in found)
    for entry in found:
        if entry is not kept:
            entry.path.unlink()
    chosen = f"{shown(str(kept.path.relative_to(target)))} is taken" if kept else "none is taken, nobody can tell whose"
    return [f"{shown(found[0].student)}: {len(found)} hand-ins in this name ({names}); {chosen}. Check who sent which."]


def _strangers(found: list[_Found]) -> list[str]:
    """Archives that hold hand-ins in other names than their own: a class's export, or somebody's trick."""
    others: dict[str, list[str]] = {}
    for entry in found:
        if not entry.own and entry.path.exists():
            others.setdefault(entry.origin, []).append(entry.student)
    return [
        f"The archive {shown(origin)} holds hand-ins in the names of {', '.join(map(shown, sorted(students)[:5]))}"
        f"{', …' if len(students) > 5 else ''}: right for a class's export, wrong for one student's archive."
        for origin, students in sorted(others.items())
    ]
