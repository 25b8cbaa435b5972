"""Syntax trees of students' code, within bounds: a tree takes 700 times the memory of its text.

Code that is larger is run like any other; it is not read, and the incident report says so.
"""

import ast
import re
from collections.abc import Sequence

from . import taken

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


def definitions(source: str) -> str:
    """What is taken of a cell that stopped where something is missing (`taken`); empty where there
    is nothing, or it cannot be parsed.
    """
    tree = parse(without_magics(source))
    try:
        return taken.of(tree) if tree is not None else ""
    except (RecursionError, MemoryError):
        return ""


def unread(sources: Sequence[str]) -> set[int]:
    """Indices of the cells that are too large to be parsed, or too much together: small ones are
    read first.
    """
    left, found = MAX_ALL, set()
    for index in sorted(range(len(sources)), key=lambda index: len(sources[index])):
        left -= len(sources[index])
        if left < 0 or len(sources[index]) > MAX_CELL:
            found.add(index)
    return found


def defined(source: str, read: bool) -> set[str]:
    """Names that a cell defines at top level; by pattern where it does not parse, or is too large
    to be `read`.
    """
    tree = parse(source) if read else None
    if tree is None:
        return set(re.findall(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", source, re.MULTILINE))
    names = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    targets = [
        target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
    ]
    return names | {target.id for target in targets if isinstance(target, ast.Name)}


def is_text(kind: str, source: str, read: bool) -> bool:
    """Prose, be it typed into a code cell as a comment or a string."""
    if kind != "code":
        return bool(source.strip())
    tree = parse(source) if read and source.strip() else None
    return tree is not None and all(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in tree.body
    )
