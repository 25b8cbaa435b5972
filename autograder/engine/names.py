"""Whose hand-in is it? What the names of files, folders and archives say, as learning management
systems and people write them.

| from | looks like |
|---|---|
| Moodle | `Kim Minsu_123456_assignsubmission_file_/…`, or the same before a file's name |
| Canvas | `kimminsu_LATE_12345_678901_….ipynb`: name, perhaps LATE, number of the person, number of
the file |
| Blackboard | `ex02_kim123_attempt_2026-11-28-20-31-00_….ipynb` |
| Brightspace | `12345-67890 - Kim Minsu - Nov 28, 2026 831 PM - ….ipynb` |
| Classroom | `Kim Minsu - Copy of ex02….ipynb` |
| by hand | `20261234_ex02….ipynb`, `kim_hw2.zip`, a folder `20261234` |

Only the outermost name that tells a student counts: the LMS, or the instructor, wrote it; what lies
deeper was named by students.
"""

import re
import unicodedata
from dataclasses import dataclass

_MOODLE = re.compile(
    r"(?P<student>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)", re.DOTALL
)
_CANVAS = re.compile(
    r"(?P<student>[^_]+)_(?P<late>LATE_)?(?P<number>\d{2,})_\d{2,}_(?P<rest>.+)", re.DOTALL
)
_BLACKBOARD = re.compile(
    r".*?_?(?P<student>[^_]+)_(?P<late>LATE_)?attempt_"
    r"(?P<stamp>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:_(?P<rest>.*))?",
    re.DOTALL,
)
_BRIGHTSPACE = re.compile(
    r"(?P<number>\d+-\d+) - (?P<student>.+?) - (?P<stamp>\w+ \d+, \d{4} \d{3,4} [AP]M)"
    r"(?: - (?P<rest>.*))?",
    re.DOTALL,
)
_COPY = re.compile(
    r"^(?:(?:copy[ _]of|사본[ _]-|복사본[ _-])[ _]*)+"
    r"|(?:[ _]*(?:의[ _]사본|-[ _]*(?:copy|복사본|사본)|-\d{1,3}|\(\d{1,3}\)))+$",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"(?i)(?:hw|homework|assignment|submission|submit|final|old|new|draft|backup"
    r"|notebook|exercise|lab|week|ex|ch|"
    r"과제|제출|최종|숙제|실습|주차|수정)s?[ _-]*\d{0,3}(?:[ _.-].*)?"
)
_GENERIC = re.compile(
    r"(?i)(?:submissions?|submitted|extracted|archives?|downloads?|class|course|all"
    r"|hand-?ins?|export|files?|"
    r"과제[ _]?\d*|제출(?:물|함)?|전체|my|name|내|이름|untitled|notebooks?|src|data|tmp|copy|사본)"
    r"(?:[ _-]*(?:\d{1,4}|\(\d+\)|제출|모음|files?|download))*"
)
_NOTEBOOK = re.compile(
    r"(?is)(?P<stem>.+?)\.ipynb(?:의[ _]사본)?(?:[ _]*\(\d+\))?(?:\.(?:txt|json|ipynb))*"
)


@dataclass(frozen=True)
class Name:
    """What a name tells. `number`: the LMS's own of the person; `form`: an LMS's form was
    recognised; `late`: the LMS says so; `stamp`: the time of handing in, as written.
    """

    student: str
    number: str = ""
    form: bool = False
    late: bool = False
    stamp: str = ""


def notebook_stem(name: str) -> str | None:
    """A file's name without `.ipynb` and what browsers and Drive hang behind it; None if it is no
    notebook's.
    """
    found = _NOTEBOOK.fullmatch(name)
    return found["stem"] if found else None


def without_copies(stem: str) -> str:
    """A name without `Copy of`, `의 사본`, `(1)`, `-2`."""
    while (shorter := _COPY.sub("", stem).strip()) != stem and shorter:
        stem = shorter
    return stem


def is_generic(name: str, assignment: str) -> bool:
    """A name that stands for the work or for the class, and for no student."""
    plain = without_copies(name).strip()
    short = assignment.partition("_")[0]
    return bool(
        _GENERIC.fullmatch(plain)
        or _WORK.fullmatch(plain)
        or plain.casefold().startswith(
            (assignment.casefold(), f"{short}_", f"{short} ", f"{short}-")
        )
        or plain.casefold() == short
    )


def of_folder(name: str, assignment: str, archive: bool = False) -> Name | None:
    """The student whom a folder's or an archive's name tells (without its suffix); None if it tells
    none.
    """
    name = _visible(name)
    if found := _form(name):
        return found
    if is_generic(name, assignment):
        return None
    head, mark, rest = name.partition("_")
    if (
        mark
        and head
        and (is_generic(rest, assignment) or (archive and re.fullmatch(r"\d{5,12}", head)))
    ):
        return Name(head)
    classroom = _classroom(name, assignment)
    return classroom or Name(name)


def of_file(stem: str, assignment: str) -> Name | None:
    """The student whom a notebook's name tells (without its suffix); None if it tells none: such a
    name has to speak of the assignment, too, or be an LMS's.
    """
    stem = _visible(stem)
    if found := _form(stem) or _classroom(stem, assignment):
        return found
    stem = without_copies(stem)
    numbered = re.fullmatch(rf"(?i){re.escape(assignment)}[ _-]+(\d{{5,12}})", stem)
    if numbered:
        return Name(numbered[1])
    head, mark, rest = stem.partition("_")
    if (
        mark
        and head
        and assignment.casefold() in rest.casefold()
        and not is_generic(head, assignment)
    ):
        return Name(head)
    return None


def _form(name: str) -> Name | None:
    for form in (_MOODLE, _BLACKBOARD, _BRIGHTSPACE, _CANVAS):
        if found := form.fullmatch(name):
            parts = found.groupdict()
            stamp = parts.get("stamp") or ""
            if form is _BLACKBOARD:
                stamp = "{}-{}-{} {}:{}:{}".format(*stamp.split("-"))
            elif form is _BRIGHTSPACE:
                stamp = re.sub(r" (\d{1,2})(\d\d) ([AP]M)$", r" \1:\2 \3", stamp)
            return Name(
                parts["student"].strip(),
                parts.get("number") or "",
                True,
                bool(parts.get("late")),
                stamp,
            )
    return None


def _classroom(name: str, assignment: str) -> Name | None:
    """`Kim Minsu - Copy of ex02…`, and `ex02… - Kim Minsu` as people call it."""
    first, mark, last = name.partition(" - ")
    if not mark:
        return None
    work = [
        without_copies(part).casefold().startswith(assignment.casefold()) for part in (first, last)
    ]
    if work[1] and not work[0] and first.strip():
        return Name(first.strip())
    if work[0] and not work[1] and without_copies(last) and not is_generic(last, assignment):
        return Name(without_copies(last))
    return None


def _visible(name: str) -> str:
    """NFC, without marks that cannot be seen."""
    return "".join(
        char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char) != "Cf"
    ).strip()
