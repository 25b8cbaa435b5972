"""Syntax trees of students' code, within bounds: a tree takes 700 times the memory of its text.

Code that is larger is run like any other; it is not read, and the incident report says so. What is
IPython's rather than Python's (`!ls`, `%time f(x)`, `x?`, `>>>`) is read as IPython itself reads
it: a pattern of ours would be blind where IPython sees.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from . import taken

MAX_CELL = 100_000  # characters: 0.2 s and 70 MB as a tree of `a;a;a;…`
MAX_ALL = 500_000  # of one hand-in
# IPython goes through the whole cell once more for each of its own lines.
_MAX_MIXED, _MAX_LINES = 20_000, 60
_OWN_LINE = re.compile(r"^[ \t]*(?:[%!?]|>>>|\.\.\.)|[=][ \t]*[%!]|\?[ \t]*$", re.MULTILINE)
# Magics whose text is Python, and the options before it.
_PYTHON = {"time", "timeit", "prun", "capture", "debug", "mprun", "memit", "lprun", "writefile"}
_OPTIONS = re.compile(r"^(?:\s*-\w+(?:\s*\d+)?)*\s*")
_SHELLS = {"bash", "sh", "script", "javascript", "js", "sx", "system", "run"}


def parse(source: str) -> ast.Module | None:
    """The tree of a cell; None where it is no Python, or too large or too deep to be read."""
    if len(source) > MAX_CELL:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@dataclass(frozen=True)
class Plain:
    """A cell as Python alone. `shell`: what it gives to a shell, or to another interpreter."""

    source: str
    shell: tuple[str, ...] = ()


def without_magics(source: str) -> str:
    """A cell as Python alone: what IPython's magics run is unfolded, the rest of them left out. As
    it is where it is no cell even for IPython, or too large to be asked about.
    """
    return plain(source).source


@functools.lru_cache(maxsize=256)
def plain(source: str) -> Plain:
    """See `without_magics`."""
    tree = parse(source)
    if tree is None and is_mixed(source):
        from IPython.core.inputtransformer2 import TransformerManager

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ours = TransformerManager()  # type: ignore[no-untyped-call]
                tree = parse(ours.transform_cell(source))
        except Exception:  # what IPython's own reader fails at, it fails at in the kernel, too
            return Plain(source)
    elif "get_ipython" not in source:
        return Plain(source)
    if tree is None:
        return Plain(source)
    unfolding = _Unfolding()
    try:
        text = ast.unparse(ast.fix_missing_locations(unfolding.visit(tree)))
    except (RecursionError, MemoryError):
        return Plain(source)
    return Plain(text, tuple(unfolding.shell))


@functools.lru_cache(maxsize=256)
def bare(source: str) -> str:
    """A cell without comments and layout, to tell whether two do the same; as it is where it cannot
    be parsed.
    """
    tree = parse(without_magics(source))
    try:
        return source if tree is None else ast.unparse(tree)
    except (RecursionError, MemoryError):
        return source


def is_mixed(source: str) -> bool:
    """Whether IPython's own lines are few enough, and the cell small enough, for IPython to be
    asked.
    """
    return len(source) <= _MAX_MIXED and len(_OWN_LINE.findall(source)) <= _MAX_LINES


class _Unfolding(ast.NodeTransformer):
    """Puts in the place of a magic's call what it runs."""

    def __init__(self) -> None:
        self.shell: list[str] = []

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        """A magic that stands alone: the statements of its text."""
        if (called := self._called(node.value)) is None:
            return self.generic_visit(node)
        name, text = called
        inner = plain(text) if name in _PYTHON else Plain("")
        self.shell += inner.shell
        tree = parse(inner.source)
        return tree.body if tree is not None and tree.body else ast.Pass()

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A magic within an expression: its value is not known."""
        return self.generic_visit(node) if self._called(node) is None else ast.Constant(None)

    def _called(self, node: ast.expr) -> tuple[str, str] | None:
        """Name and text of the magic that a call runs; None for any other."""
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Call)
            and getattr(node.func.value.func, "id", "") == "get_ipython"
        ):
            return None
        texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
        given = [text for text in texts if isinstance(text, str)]
        method = node.func.attr
        if len(given) != len(node.args) or not given:
            return None
        if method in ("system", "getoutput"):
            self.shell.append(given[0])
            return "", ""
        if method not in ("run_cell_magic", "run_line_magic", "magic"):
            return None
        name, _, rest = given[0].partition(" ")
        line = "".join(given[1:2]) or rest
        text = "".join(given[2:]) or _OPTIONS.sub("", line, count=1)
        if name in _SHELLS:
            self.shell += _lines(text)
        return name, text


def _lines(script: str) -> list[str]:
    """The commands of a shell's cell."""
    lines = (line.strip() for line in script.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


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
        if left < 0 or len(sources[index]) > MAX_CELL or not _is_read(sources[index]):
            found.add(index)
    return found


@functools.lru_cache(maxsize=256)
def _is_read(source: str) -> bool:
    """Whether a cell that IPython can run is read here, too."""
    return is_mixed(source) or parse(source) is not None


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
