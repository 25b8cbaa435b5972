"""Turns `snippets` and `results` into one folded code cell each, so that a notebook opened alone
runs.
"""

from __future__ import annotations

import ast
import functools
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "book.snippets"
_OUTSIDE_NOTEBOOKS = ("code", "claims_code", "claims")
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["hide-input"]}


class InlineError(Exception):
    """A snippet or result cannot be inlined: `what` and `mend`."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


@dataclass
class Snippet:
    """One module of `book/snippets`, taken apart."""

    name: str
    path: str  # from the project's root
    body: str  # source without docstring, imports and `__main__` block
    imports: list[str]  # import statements of other packages
    needs: list[str]  # snippets that it imports from
    names: set[str] = field(default_factory=set)  # what it defines at top level


def snippet_path(root: Path, name: str) -> Path:
    """Where the module `name` lies in `book/snippets` or a folder below. Raises `InlineError`."""
    folder = root / "book/snippets"
    found = sorted(folder.rglob(f"{name}.py")) if str(name).isidentifier() else []
    if not found:
        known = ", ".join(sorted(p.stem for p in folder.rglob("*.py") if p.stem != "__init__"))
        raise InlineError(
            f"unknown snippet {name!r}",
            f"use one of {known or '(there is none)'}, or write {name}.py",
        )
    return found[0]


def snippet_of(module: str) -> str:
    """`book.snippets.checks.hints` → `hints`, by which lessons and studies call it."""
    return module.rpartition(".")[2]


def read_snippet(root: Path, name: str) -> Snippet:
    """Parse the snippet `name`. Raises `InlineError` when it is missing or cannot be inlined."""
    path = snippet_path(root, name)
    source = path.read_text(encoding="utf-8")
    return _taken_apart(name, path.relative_to(root).as_posix(), source)


@functools.lru_cache(maxsize=256)  # a hundred studies and lessons ask for the same ones
def _taken_apart(name: str, path: str, source: str) -> Snippet:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise InlineError(
            f"snippet {name!r}, line {error.lineno}: {error.msg}", "mend the snippet"
        ) from error
    lines = source.splitlines()
    snippet, dropped = Snippet(name, path, "", [], []), set[int]()
    for i, node in enumerate(tree.body):
        if _is_ours(node):
            snippet.needs += _needed(name, node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            snippet.imports += _single_imports(node)
        elif not (i == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            snippet.names |= _defined(node)
            continue
        dropped |= set(range(node.lineno - 1, node.end_lineno or node.lineno))
    kept = "\n".join(line for i, line in enumerate(lines) if i not in dropped)
    snippet.body = re.sub(r"\n{4,}", "\n\n\n", kept).strip("\n")
    return snippet


def _is_ours(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level > 0 or (node.module or "").split(".")[0] == "book"
    return isinstance(node, ast.Import) and any(
        alias.name.split(".")[0] == "book" for alias in node.names
    )


def _needed(name: str, node: ast.stmt) -> list[str]:
    direct = (
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(PACKAGE + ".")
        and node.level == 0
    )
    names: list[ast.alias] = node.names  # type: ignore[attr-defined]
    if not direct or any(alias.asname or alias.name == "*" for alias in names):
        what = f"snippet {name!r} says `{ast.unparse(node)}`, which cannot be inlined"
        raise InlineError(what, f"write `from {PACKAGE}.module import name`, without `as` or `*`")
    assert isinstance(node, ast.ImportFrom) and node.module
    return [snippet_of(node.module)]


def _single_imports(node: ast.Import | ast.ImportFrom) -> list[str]:
    """One statement per imported name, so that equal ones of several snippets fall together."""
    if isinstance(node, ast.Import):
        return [ast.unparse(ast.Import([alias])) for alias in node.names]
    return [ast.unparse(ast.ImportFrom(node.module, [alias], node.level)) for alias in node.names]


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {n.id for t in targets if t is not None for n in ast.walk(t) if isinstance(n, ast.Name)}


class Inliner:
    """Inlines the snippets of one lesson, each once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._done: dict[str, Snippet] = {}

    def snippets(self, names: list[str]) -> str:
        """Code of the folded cell that holds `names` and what they need. Raises `InlineError`."""
        order: list[Snippet] = []
        for name in names:
            self._collect(name, order, ())
        imports = sorted({line for snippet in order for line in snippet.imports}, key=_import_order)
        parts = [
            f"#@title Helpers: {', '.join(names)}",
            *(["\n".join(_grouped(imports))] if imports else []),
        ]
        parts += [f"# {snippet.path}\n{snippet.body}" for snippet in order if snippet.body]
        return "\n\n".join(parts)

    def _collect(self, name: str, order: list[Snippet], path: tuple[str, ...]) -> None:
        if name in path:
            raise InlineError(
                f"snippets import each other in a circle: {' → '.join([*path, name])}",
                "break the circle",
            )
        if name in self._done:
            return
        snippet = read_snippet(self._root, name)
        for needed in dict.fromkeys(snippet.needs):
            self._collect(needed, order, (*path, name))
        for other in self._done.values():
            clash = sorted(snippet.names & other.names)
            if clash:
                raise InlineError(
                    f"snippets {other.name!r} and {name!r} both define {', '.join(clash)}",
                    "rename one",
                )
        self._done[name] = snippet
        order.append(snippet)


def _import_order(statement: str) -> tuple[bool, str]:
    return (not statement.startswith("from __future__"), statement.split()[1] + statement)


def _grouped(statements: list[str]) -> list[str]:
    """`from m import a`, `from m import b` become one line."""
    grouped: dict[str, list[str]] = {}
    for statement in statements:
        head, _, name = statement.partition(" import ")
        grouped.setdefault(head if name else statement, []).extend([name] if name else [])
    return [
        f"{head} import {', '.join(sorted(names))}" if names else head
        for head, names in grouped.items()
    ]


def snippet_closure(root: Path, name: str) -> list[str]:
    """`name` and the snippets that it needs, in the order of their definition."""
    inliner = Inliner(root)
    order: list[Snippet] = []
    inliner._collect(name, order, ())
    return [snippet.name for snippet in order]


def results_code(root: Path, studies: list[str]) -> str:
    """Code of the folded cell that defines each study's dict. Raises `InlineError` when one has no
    results.

    How the rows were computed (hashes, verdicts) stays in the file: a reader's kernel has no use
    for it.
    """
    parts = []
    for study in studies:
        path = root / "book/results" / f"{study}.json"
        if not path.is_file():
            mend = (
                f"declare it in book/studies.yml and run `python -m book.bilingual results {study}`"
            )
            raise InlineError(f"there are no results of a study {study!r}", mend)
        data = json.loads(path.read_text(encoding="utf-8"))
        for key in _OUTSIDE_NOTEBOOKS:
            data.pop(key, None)
        rows = "\n".join(f"        {row!r}," for row in data.pop("rows"))
        head = "\n".join(f"    {key!r}: {value!r}," for key, value in data.items())
        parts.append(
            f"# made by `make results`: book/results/{study}.json\n"
            f"{study} = {{\n{head}\n    'rows': [\n{rows}\n    ],\n}}"
        )
    return "\n\n".join([f"#@title Results of the studies: {', '.join(studies)}", *parts])
