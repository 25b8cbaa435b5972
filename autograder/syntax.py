"""What a solution's source mentions, read from its syntax tree outside the student's process.

Statements that cannot run mention nothing: those behind `return` and the like, the body of an `if
False`. Of an import of several names each stands for itself.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from . import parsing

# with these, torch's kernels are called past its dispatcher
AROUND = frozenset({"get_kernel", "call_boxed"})
_ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue)


def identifiers_reached(cells: Iterable[str], start: str) -> set[str] | None:
    """Names, attributes and imports that the definitions of `start` mention, through what the
    notebook itself defines.

    Helpers and module-level objects of any cell are followed. A name that is given to a call as
    text counts (`reduce(x, "b c h w -> b c", "mean")`). None when no cell that parses defines
    `start`.
    """
    definitions = _definitions(tuple(cells))
    if start not in definitions:
        return None
    reached: set[str] = set()
    for mentions in _followed(definitions, start, slice(None)):
        reached |= mentions.names | mentions.attributes | mentions.imports | mentions.texts
    return reached


def torch_reached(cells: Iterable[str], start: str, words: Iterable[str]) -> set[str]:
    """Functions and classes of torch with one of `words` in their name that the last definition of
    `start` mentions.

    Names that the notebook gave to its own functions, arguments and attributes of its own objects
    do not count, nor what it takes from modules other than torch, such as one that it wrote itself.
    Followed as in `identifiers_reached`, through the last definition of each name.
    """
    wanted = _torch_names_with(tuple(words))
    definitions = _definitions(tuple(cells))
    found, own = set[str](), _own(definitions)
    for mentions in _followed(definitions, start, slice(-1, None)):
        rooted = {attribute for root, attribute in mentions.chains if root not in own}
        found |= (rooted | mentions.imports) & wanted
    return found


@cache
def _torch_names_with(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in torch_names() if any(word in name.lower() for word in words))


@cache
def torch_names() -> frozenset[str]:
    """What torch's functions, methods, modules and operators are called."""
    import torch

    places = (torch, torch.nn, torch.nn.functional, torch._C._nn, torch.Tensor)
    operators = {
        name.partition("::")[2].partition(".")[0] for name in torch._C._dispatch_get_all_op_names()
    }
    return frozenset(operators.union(*map(dir, places)))


@dataclass
class _Mentions:
    """What one statement mentions. `chains`: (root, attribute) of `root.a.b.attribute`, the root a
    global name; `imports`: what it takes from torch; `texts`: what it takes from other modules, and
    texts that it gives to calls.
    """

    names: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    chains: set[tuple[str, str]] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    # a function or class of the notebook's, or an import from elsewhere than torch
    own: bool = False


_Definitions = dict[str, list[_Mentions]]


def _followed(definitions: _Definitions, start: str, which: slice) -> Iterator[_Mentions]:
    waiting, seen = [start], {start}
    while waiting:
        for mentions in definitions.get(waiting.pop(), [])[which]:
            yield mentions
            waiting += [name for name in mentions.names if name in definitions and name not in seen]
            seen |= mentions.names


def _own(definitions: _Definitions) -> set[str]:
    """Names of the notebook's own functions and classes, of other modules than torch, and of what
    is made with them.
    """
    own = {name for name, found in definitions.items() if found[-1].own}
    return own | {name for name, found in definitions.items() if found[-1].names & own}


@lru_cache(maxsize=2)  # the judge asks for every function of a hand-in in turn
def _definitions(cells: tuple[str, ...]) -> _Definitions:
    """For each name the statements that define it, in order."""
    definitions: _Definitions = {}
    unread = parsing.unread(cells)
    for index, source in enumerate(cells):
        for name, mentions in _of_cell(source) if index not in unread else ():
            definitions.setdefault(name, []).append(mentions)
    return definitions


@lru_cache(maxsize=128)  # a class shares the cells that were released
def _of_cell(source: str) -> tuple[tuple[str, _Mentions], ...]:
    """Each name that a cell defines, with the statement that does."""
    plain = parsing.without_magics(source)
    tree = parsing.parse(plain)
    if tree is None:
        return ()
    globals_of = _globals_of(plain)
    return tuple(
        (name, mentions)
        for statement in _single(tree.body)
        for mentions in [_mentioned(statement, globals_of)]
        for name in _defined(statement)
    )


def _single(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements; an import of several names as one of each."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (ast.Import([alias]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (ast.ImportFrom(node.module, [alias], node.level) for alias in node.names)
        else:
            yield node


def _live(node: ast.AST) -> Iterator[ast.AST]:
    """As `ast.walk`, without the statements that cannot run."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        fields = dict(ast.iter_fields(node))
        if isinstance(node, ast.If | ast.While) and isinstance(node.test, ast.Constant):
            del fields["orelse" if node.test.value else "body"]
        for value in fields.values():
            inner = value if isinstance(value, list) else [value]
            waiting += [each for each in _before_the_end(inner) if isinstance(each, ast.AST)]


def _before_the_end(items: list[Any]) -> list[Any]:
    """Of a block what comes up to its first `return`, `raise`, `break` or `continue`."""
    ends = (n for n, item in enumerate(items) if isinstance(item, _ENDS))
    return items[: next(ends, len(items)) + 1]


def _globals_of(source: str) -> dict[tuple[str, int], set[str]]:
    """Of each function and class at the top of a cell, by name and line: the global names that it
    looks at.
    """
    try:
        table = symtable.symtable(source, "<cell>", "exec")
    # what only the compiler refuses: `return` outside
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return {
        (child.get_name(), child.get_lineno()): set(_globals(child))
        for child in table.get_children()
    }


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_global():
            yield symbol.get_name()
    for child in table.get_children():
        yield from _globals(child)


def _defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    stored = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    inner = [node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.stmt)]
    return stored.union(*map(_defined, inner))


def _mentioned(statement: ast.stmt, globals_of: dict[tuple[str, int], set[str]]) -> _Mentions:
    found = _Mentions()
    for node in _live(statement):
        if isinstance(node, ast.Name):
            found.names.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.attributes.add(node.attr)
            if root := _root(node):
                found.chains.add((root, node.attr))
        elif isinstance(node, ast.Call):
            given = [*node.args, *(each.value for each in node.keywords)]
            values = [each.value for each in given if isinstance(each, ast.Constant)]
            found.texts.update(value for value in values if isinstance(value, str))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            parts = {part for path in _modules(node) for part in path.split(".")}
            (found.imports if "torch" in parts else found.texts).update(parts)
    if isinstance(statement, ast.Import | ast.ImportFrom):
        found.own = not found.imports
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        found.own = True
        line = min([statement.lineno, *(each.lineno for each in statement.decorator_list)])
        inside = globals_of.get((statement.name, statement.lineno)) or globals_of.get(
            (statement.name, line)
        )
        if inside is not None:
            found.names &= inside | _outside(statement)
            found.chains = {
                (root, attribute) for root, attribute in found.chains if root in found.names
            }
    return found


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    """What is imported, in full: `torch.nn`, `torch.nn.functional.relu`."""
    names = [alias.name for alias in node.names]
    return (
        names if isinstance(node, ast.Import) else [f"{node.module or ''}.{name}" for name in names]
    )


def _outside(statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    """Names in decorators, defaults, annotations and bases, which are looked up where the
    definition stands.
    """
    heads: list[ast.AST] = [*statement.decorator_list]
    if isinstance(statement, ast.ClassDef):
        heads += [*statement.bases, *statement.keywords]
    else:
        heads += [statement.args, *([statement.returns] if statement.returns else [])]
    return {node.id for head in heads for node in ast.walk(head) if isinstance(node, ast.Name)}


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
