"""Which of the definitions that were given out a hand-in needs. Those that only visible tests use
are not run: to compile them would be a sixth of what a kernel does.
"""

import ast
import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from .. import parsing
from .steps import Cell, Mark

_WORD = re.compile(r"\w+")
_Definition = ast.FunctionDef | ast.ClassDef
_Assignment = ast.Assign | ast.AnnAssign


def without_unused(
    steps: Sequence[Cell | Mark], released: Collection[str], asked: Collection[str]
) -> list[Cell | Mark]:
    """`steps`, where those cells of `released` that only import and define keep what is used: a
    name that is one of `asked`, or a word of another cell or of another definition that is used.
    """
    kept = list(steps)
    for position in reversed(range(len(kept))):
        step = kept[position]
        if isinstance(step, Cell) and step.source in released and (names := _defined(step.source)):
            others = (
                each.source
                for number, each in enumerate(kept)
                if isinstance(each, Cell) and number != position
            )
            used = names & frozenset(asked).union(*map(_words, others))
            kept[position] = replace(step, source=_with_only(step.source, used))
    return kept


@functools.lru_cache(maxsize=256)  # most cells of a class are those that were given out
def _words(source: str) -> frozenset[str]:
    """Those of its code, its texts and its comments."""
    return frozenset(_WORD.findall(source))


@functools.lru_cache(maxsize=64)
def _defined(source: str) -> frozenset[str]:
    """Names that a cell defines or assigns which does nothing else, but for imports, and calls only
    its own functions; of any other cell none.
    """
    tree = parsing.parse(source)
    body = tree.body if tree is not None else []
    own = {node.name for node in body if isinstance(node, _Definition)}
    found = set[str]()
    for node in body:
        if isinstance(node, _Assignment):
            calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
            if not all(isinstance(func, ast.Name) and func.id in own for func in calls):
                return frozenset()
        elif not isinstance(node, ast.Import | ast.ImportFrom | _Definition):
            return frozenset()
        found |= _names(node)
    return frozenset(found)


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, _Definition):
        return {node.name}
    return {
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


@functools.lru_cache(maxsize=64)
def _with_only(source: str, used: frozenset[str]) -> str:
    """A cell that only imports and defines, without the definitions that `used` does not reach."""
    lines, tree = source.splitlines(keepends=True), parsing.parse(source)
    assert tree is not None
    texts = list[tuple[set[str], str]]()
    for node in tree.body:
        decorators = node.decorator_list if isinstance(node, _Definition) else []
        first = min([node.lineno, *(each.lineno for each in decorators)])
        texts.append((_names(node), "".join(lines[first - 1 : node.end_lineno])))
    reached, before = set(used), -1
    while len(reached) > before:
        before = len(reached)
        for names, text in texts:
            if not names or names & reached:  # what binds no name is kept, and uses what it says
                reached |= _words(text)
    return "".join(text for names, text in texts if not names or names & reached)
