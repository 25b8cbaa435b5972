"""A stranger's text made fit to be shown: what a student or an LMS wrote, in a message, on a
console, on a page.

Everything that is said of a hand-in passes through here, so that no name and no error message can
move a terminal's cursor, hide or reverse what stands beside it, break a line of the report, or be
of a size that matters. A lone surrogate, which no file and no database takes, becomes `?`.
"""

import re
import unicodedata

MAX_LINE = 600  # characters of one sentence of a report
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
# Unicode's marks that turn text around
_DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_COLOUR = r"(?:[34]8;5;\d{1,3}|(?!0*8[;m])\d{0,3})"  # any but 8, which hides what follows
_ESCAPE = re.compile(rf"\x1b(?!\[{_COLOUR}(?:;{_COLOUR}){{0,6}}m)")
_BLANKS = re.compile(r"[\s\u2028\u2029\x85]+")


def text(value: str, colours: bool = True) -> str:
    """`value` without control characters other than tab, newline and, where wanted, a terminal's
    colours.
    """
    value = value.encode("utf-8", "replace").decode("utf-8")
    value = _DIRECTION.sub("", _CONTROL.sub("", value))
    return _ESCAPE.sub("", value) if colours else value.replace("\x1b", "")


def line(value: str, limit: int = MAX_LINE) -> str:
    """`value` as one line of bounded length."""
    value = _BLANKS.sub(" ", text(value[: 4 * limit], colours=False)).strip()
    return value if len(value) <= limit else f"{value[: limit - 1]}…"


def quoted(name: str, limit: int = 100) -> str:
    """A file's or a student's name for a message: in quotes, its middle left out where it is long,
    as escapes where a character cannot be seen.
    """
    safe = name[:10_000].encode("utf-8", "replace").decode("utf-8")
    cut = safe if len(safe) <= limit else f"{safe[: limit * 3 // 5]}…{safe[-limit * 7 // 20 :]}"
    return (
        ascii(cut)
        if any(unicodedata.category(char)[0] in "CZ" and char != " " for char in cut)
        else repr(cut)
    )


def cells(names: list[str]) -> str:
    """Some cells by name, for a sentence."""
    shown = ", ".join(names[:6]) + (f", … ({len(names)} in all)" if len(names) > 6 else "")
    return f"Cell{'s' if len(names) > 1 else ''} {shown}"
