"""A hand-in's bytes as plain cells: byte-order marks, UTF-16, CP949, CRLF, nbformat 3 to 5.

A pure function of bytes, so that nothing here can hang on a hand-in or write anything. Each thing
put right is a `Finding`; what is no notebook raises `Unreadable` with the reason.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Any

from . import printable
from .errors import Unreadable

MAX_BYTES = 20 << 20
MAX_CELLS = 2000
# what may be shown, and how it begins
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
MAX_PICTURE = 4 << 20  # bytes, decoded
MAX_PICTURES = 8 << 20  # bytes, of the pictures pasted into one hand-in's text
_MAX_PICTURES = 20  # of one cell
_MAX_NAME = 200  # characters of an id or a tag
_EMBEDDED = re.compile(r"data:image/(png|jpeg);base64,([A-Za-z0-9+/=]+)")
_CELL_TYPES = ("code", "markdown", "raw")
FLAGS = ("grade", "locked", "solution", "task", "points")


@dataclass(frozen=True)
class Finding:
    """Something put right. `kind`: a short word for filters; `text`: for the instructor, one line
    whatever a student put into it; `cell`: a grade id, if about one.
    """

    kind: str
    text: str
    cell: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable.line(self.text))
        object.__setattr__(self, "cell", printable.line(self.cell, _MAX_NAME))


@dataclass
class Cell:
    """A cell of the hand-in, reduced to what is believed of it."""

    kind: str
    source: str
    grade_id: str = ""
    cell_id: str = ""
    flags: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    # by which nbgrader knows an untouched answer, in whichever edition it was given out
    checksum: str = ""
    # pasted: name → kind → base64
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)


def read_notebook(data: bytes) -> tuple[list[Cell], list[Finding]]:
    """The cells of a hand-in. Raises `Unreadable`."""
    if len(data) > MAX_BYTES:
        raise Unreadable(
            f"The file has {len(data):,} bytes, more than {MAX_BYTES:,}: not read. Ask for it"
            " without outputs."
        )
    text, findings = _decode(data)
    try:
        tree = json.loads(text)
    except RecursionError:
        raise Unreadable(
            "The file is JSON nested too deeply to be a notebook: scores 0. Ask for a resubmission."
        ) from None
    except ValueError as error:
        what = "empty" if not text.strip() else f"truncated or no JSON ({error})"
        raise Unreadable(
            f"The file is {what}: scores 0. Ask for a resubmission or grade by hand."
        ) from None
    cells = _cell_list(tree, findings)
    if len(cells) > MAX_CELLS:
        raise Unreadable(
            f"The notebook has {len(cells):,} cells, more than {MAX_CELLS:,}: scores 0. Grade by"
            " hand."
        )
    found = [cell for number, raw in enumerate(cells) if (cell := _cell(raw, number, findings))]
    _bound_pictures(found, findings)
    return found, findings


def _decode(data: bytes) -> tuple[str, list[Finding]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16"), [Finding("encoding", "The file is UTF-16, read as such.")]
    if data.startswith(b"\xef\xbb\xbf"):
        return _strict(data, "utf-8-sig"), [
            Finding("encoding", "The file starts with a byte-order mark, ignored.")
        ]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        return _strict(data, "cp949"), [Finding("encoding", "The file is CP949, read as such.")]


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable(
            "The file is neither UTF-8, UTF-16 nor CP949 text: scores 0. Ask for a resubmission."
        ) from None


def _cell_list(tree: Any, findings: list[Finding]) -> list[Any]:
    if not isinstance(tree, dict):
        raise Unreadable(
            f"The file is JSON, but a {type(tree).__name__} and no notebook: scores 0. Ask for a"
            " resubmission."
        )
    if isinstance(tree.get("worksheets"), list):
        findings.append(Finding("format", "The notebook is of nbformat 3, converted."))
        sheets = [sheet.get("cells") for sheet in tree["worksheets"] if isinstance(sheet, dict)]
        return [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(tree.get("cells"), list):
        raise Unreadable(
            "The file is JSON without a list of cells, no notebook: scores 0. Ask for a"
            " resubmission."
        )
    if tree.get("nbformat") != 4:
        findings.append(
            Finding(
                "format", f"The notebook says nbformat {_brief(tree.get('nbformat'))}, read as 4."
            )
        )
    name = _dig(tree, "metadata", "kernelspec", "name")
    if name not in (None, "python", "python3", "course-warm"):
        findings.append(
            Finding("kernel", f"The notebook names the kernel {_brief(name)}; run with Python.")
        )
    return list(tree["cells"])


def _brief(value: Any) -> str:
    """What stands where a word or a number is wanted."""
    if isinstance(value, str):
        return printable.quoted(value)
    plain = (
        value is None or isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**9)
    )
    return repr(value) if plain else f"a {type(value).__name__}"


def _dig(tree: Any, *keys: str) -> Any:
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def _cell(raw: Any, number: int, findings: list[Finding]) -> Cell | None:
    if not isinstance(raw, dict):
        findings.append(
            Finding("cell", f"Cell {number + 1} is no cell but a {type(raw).__name__}; left out.")
        )
        return None
    kind = raw.get("cell_type")
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if kind == "heading":  # nbformat 3
        level = raw.get("level")
        level = level if isinstance(level, int) and 1 <= level <= 6 else 1
        kind, source = "markdown", f"{'#' * level} {source}"
    if kind not in _CELL_TYPES or not isinstance(source, str):
        findings.append(Finding("cell", f"Cell {number + 1} is malformed; left out."))
        return None
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    source = source.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    pictures = {} if kind == "code" else _pictures(raw.get("attachments"))
    if kind == "markdown":
        source = _keep_embedded(source, pictures)
    flags = _dig(raw, "metadata", "nbgrader")
    flags = flags if isinstance(flags, dict) else {}
    tags = _dig(raw, "metadata", "tags")
    return Cell(
        kind,
        source,
        grade_id=_id(flags.get("grade_id")),
        cell_id=_id(raw.get("id") or _dig(raw, "metadata", "id")),
        flags={name: _flag(flags[name]) for name in FLAGS if name in flags},
        tags=(
            [_id(tag) for tag in tags[:20] if isinstance(tag, str)]
            if isinstance(tags, list)
            else []
        ),
        checksum=(
            checksum if re.fullmatch("[0-9a-f]{32}", checksum := _id(flags.get("checksum"))) else ""
        ),
        pictures=pictures,
    )


def _id(value: Any) -> str:
    """An id or a tag, bounded, in characters that can be written; empty for anything else."""
    return (
        value[:_MAX_NAME].encode("utf-8", "replace").decode("utf-8")
        if isinstance(value, str)
        else ""
    )


def _flag(value: Any) -> bool | float | str:
    """A flag as the release may have it; of anything else, what it is, which equals no flag."""
    return (
        value
        if isinstance(value, int | float) and abs(value) < 10**9
        else f"a {type(value).__name__}"
    )


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """The pictures pasted into a text cell, as JupyterLab keeps them: name → {kind: base64}."""
    found: dict[str, dict[str, str]] = {}
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        for mime in PICTURES if isinstance(kinds, dict) and len(found) < _MAX_PICTURES else ():
            if len(name) <= _MAX_NAME and (picture := picture_of(mime, kinds.get(mime))):
                found[_id(name)] = {mime: picture}
    return found


def _keep_embedded(source: str, pictures: dict[str, dict[str, str]]) -> str:
    """Turn the pictures that Colab writes into the text itself into attachments like
    JupyterLab's.
    """

    def keep(match: re.Match[str]) -> str:
        mime, name = f"image/{match[1]}", f"embedded-{len(pictures)}"
        if len(pictures) == _MAX_PICTURES or (picture := picture_of(mime, match[2])) is None:
            return "attachment:lost"
        pictures[name] = {mime: picture}
        return f"attachment:{name}"

    return _EMBEDDED.sub(keep, source)


def picture_of(mime: str, value: Any, limit: int = MAX_PICTURE) -> str | None:
    """base64 of a PNG or JPEG of at most `limit` bytes; None if `value` is none."""
    if not isinstance(value, str) or len(value) > limit * 3 // 2:
        return None
    try:
        picture = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    fits = picture.startswith(PICTURES[mime]) and len(picture) <= limit
    return base64.b64encode(picture).decode() if fits else None


def _bound_pictures(cells: list[Cell], findings: list[Finding]) -> None:
    """Leave out the pictures beyond `MAX_PICTURES`, and say so."""
    left = MAX_PICTURES
    for cell in cells:
        for name, kinds in list(cell.pictures.items()):
            left -= sum(map(len, kinds.values()))
            if left < 0:
                del cell.pictures[name]
    if left < 0:
        findings.append(
            Finding(
                "output",
                f"The pictures in the text have more than {MAX_PICTURES >> 20} MiB; some are left"
                " out.",
            )
        )
