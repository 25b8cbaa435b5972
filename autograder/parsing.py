"""Syntax trees of students' code, within bounds: a tree takes 700 times the memory of its text.

Code that is larger is run like any other; it is not read, and the incident report says so.
"""

import ast
import re
from collections.abc import Sequence

MAX_CELL = 100_000  # characters: 0.2 s and 70 MB as a tree of `a;a;a;…`
MAX_ALL = 500_000  # of one hand-in
_MAGIC_LINE = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)


def parse(source: str) -> ast.Module | None:
    """The tree of a cell; None where it is no Python, or too large or too deep to be read."""
    if len(source) > MAX_CELL:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def without_magics(source: str) -> str:
    """IPython's lines replaced by `pass`, so that the rest can be parsed."""
    return _MAGIC_LINE.sub(r"\1pass", source)


def unread(sources: Sequence[str]) -> set[int]:
    """Indices of the cells that are too large to be parsed, or too much together: small ones are read first."""
    left, found = MAX_ALL, set()
    for index in sorted(range(len(sources)), key=lambda index: len(sources[index])):
        left -= len(sources[index])
        if left < 0 or len(sources[index]) > MAX_CELL:
            found.add(index)
    return found
