"""What a solution's source mentions, read from its syntax tree outside the student's process."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from . import parsing


def identifiers_reached(cells: Iterable[str], start: str) -> set[str] | None:
    """Names, attributes and imports that the definition of `start` mentions, through what the notebook itself defines.

    Helpers and module-level objects of any cell are followed. None when no cell that parses defines `start`.
    """
    definitions = _definitions(tuple(cells))
    if start not in definitions:
        return None
    reached: set[str] = set()
    waiting, seen = [start], {start}
    while waiting:
        found = definitions[waiting.pop()]
        reached |= found
        waiting += [name for name in found & definitions.keys() if name not in seen]
        seen |= found
    return reached


@lru_cache(maxsize=2)  # the judge asks for every function of a hand-in in turn
def _definitions(cells: tuple[str, ...]) -> dict[str, set[str]]:
    """What the statements that define each name mention."""
    definitions: dict[str, set[str]] = {}
    for tree in _trees(cells):
        for statement in tree.body:
            mentioned = _mentioned(statement)
            for name in _defined(statement):
                definitions.setdefault(name, set()).update(mentioned)
    return definitions


def _trees(cells: Sequence[str]) -> Iterator[ast.Module]:
    unread = parsing.unread(cells)
    for index, source in enumerate(cells):
        tree = parsing.parse(parsing.without_magics(source)) if index not in unread else None
        if tree is not None:
            yield tree


def _defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _mentioned(statement: ast.stmt) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.update(node.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            found.update((node.module or "").split("."))
    return found
