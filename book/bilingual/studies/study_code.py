"""What a study or a lesson's cells compute, as a hash; for a study the definitions that its
function can reach.

Comments, docstrings, layout and the module's other functions do not count, so that a helper added
for one study does not make another one stale.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import symtable
from collections.abc import Iterator
from pathlib import Path

from autograder.rewording import dumped
from book.bilingual.lesson.inline import PACKAGE, snippet_closure, snippet_of, snippet_path


def code_hash(root: Path, target: str) -> str:
    """Hash of what `target` (`book.snippets.module:function`) runs. Raises `InlineError` for an
    unknown snippet.
    """
    module, _, function = target.partition(":")
    modules = snippet_closure(root, snippet_of(module))
    definitions: dict[str, list[ast.stmt]] = {}
    # statements of a module that run on import and bind no name
    always: dict[str, list[ast.stmt]] = {}
    home: dict[str, str] = {}
    for name in modules:
        for node in _parsed(snippet_path(root, name).read_text(encoding="utf-8")).body:
            bound = _bound(node)
            for each in bound:
                definitions.setdefault(each, []).append(node)
                home.setdefault(each, name)
            if not bound and not _is_text(node):
                always.setdefault(name, []).append(node)
    reached = _reached(function, definitions, always, home)
    digest = hashlib.sha256(function.encode())
    for name in sorted(reached):
        for node in definitions[name]:
            digest.update(dumped(node).encode())
    for name in sorted({home[name] for name in reached}):
        for node in always.get(name, []):
            digest.update(dumped(node).encode())
    return "sha256:" + digest.hexdigest()


def program_hash(cells: list[str]) -> str:
    """Hash of what notebook cells compute; a cell that is no plain Python, such as one with a
    magic, counts as text.
    """
    digest = hashlib.sha256()
    for cell in cells:
        try:
            tree = _bare(ast.parse(cell))
        except SyntaxError:
            digest.update(cell.encode())
        else:
            digest.update(dumped(tree).encode())
    return "sha256:" + digest.hexdigest()


def _bare(tree: ast.Module) -> ast.Module:
    """`tree` with each docstring emptied, in place."""
    for node in ast.walk(tree):
        inner = getattr(node, "body", None)
        if isinstance(inner, list) and inner and _is_text(inner[0]):
            inner[0].value.value = ""
    return tree


def _reached(
    start: str,
    definitions: dict[str, list[ast.stmt]],
    always: dict[str, list[ast.stmt]],
    home: dict[str, str],
) -> set[str]:
    """The top-level names that the code of `start` mentions, directly or through others."""
    reached, todo = set[str](), [start]
    while todo:
        name = todo.pop()
        if name in reached or name not in definitions:
            continue
        reached.add(name)
        for node in [*definitions[name], *always.get(home[name], [])]:
            todo += _globals(node)
    return reached


def _globals(node: ast.stmt) -> Iterator[str]:
    """The names of the module that a statement reads: a variable of a function's own, such as
    `train` for a training set, is not the function of that name.
    """
    tables = [symtable.symtable(ast.unparse(node), "<snippet>", "exec")]
    for table in tables:
        tables += table.get_children()
        for symbol in table.get_symbols():
            of_module = symbol.is_global() or table.get_type() == "module"
            if of_module and symbol.is_referenced():
                yield symbol.get_name()


@functools.lru_cache(maxsize=256)
def _parsed(source: str) -> ast.Module:
    """The module without its docstrings, each imported name a statement of its own, other snippets'
    left out.
    """
    tree = _bare(ast.parse(source))
    body: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            ours = (node.module or "").startswith(PACKAGE)
            body += (
                []
                if ours
                else [ast.ImportFrom(node.module, [alias], node.level) for alias in node.names]
            )
        elif isinstance(node, ast.Import):
            body += [ast.Import([alias]) for alias in node.names]
        else:
            body.append(node)
    tree.body = body
    return tree


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _bound(node: ast.stmt) -> set[str]:
    """The names that a top-level statement binds; imports from other snippets bind none, their
    module does.
    """
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
        return set()
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
