"""Hashes that a hint's wording does not change: it makes no lesson execute anew and no class be
graded again.

Hints are the two texts of a hidden case (`hint`, and of its `mistakes`), and what is written into
the parentheses of a call `hint(…)` in code. A notebook holds those of its language alone, without
the call: of such a cell the build records, in its metadata, the digest of what it says but its
hints (`course.code`), by which one edition is known for the other.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from typing import Any

_HINT = "hint"


def digest(value: Any) -> str:
    """SHA-256 of plain data."""
    return hashlib.sha256(
        json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8")
    ).hexdigest()


def dumped(node: ast.AST) -> str:
    """A tree as text, the same on every Python: 3.12 adds an empty field to a definition, 3.13
    leaves empty fields out, and of `ast.unparse` the quotes differ.
    """
    if sys.version_info >= (3, 13):
        text = ast.dump(node, show_empty=True)
    else:
        text = ast.dump(node)
    return text.replace(", type_params=[]", "")


def notebook_digest(notebook: Any) -> str:
    """Of a release (an nbformat notebook) but its hints; nbgrader's checksums of cells follow from
    their text.
    """
    cells = []
    for cell in notebook.cells:
        meta = dict(cell.metadata.get("nbgrader") or {})
        meta.pop("checksum", None)
        cells.append([cell.cell_type, cell.get("id"), meta, _content(cell)])
    return digest(cells)


def _content(cell: Any) -> Any:
    """What a cell of a release says; of one with hints what the build recorded, and, should it have
    been edited since, its code without any text.
    """
    recorded = _recorded(cell)
    if recorded:
        return [recorded, _code_without_texts(cell.source)]
    return code_digest(cell.source) if cell.cell_type == "code" else cell.source


def cell_digest(cell: Any) -> str:
    """Of a code cell of a release but its hints."""
    return _recorded(cell) or code_digest(cell.source)


def _recorded(cell: Any) -> str:
    return str((cell.metadata.get("course") or {}).get("code") or "")


def code_digest(source: str) -> str:
    """Of code but its hints, which are in both languages or there are none."""
    return digest(code_without_hints(source))


def cases_without_hints(data: Any) -> Any:
    """The YAML data of hidden cases without its hints."""
    if isinstance(data, dict):
        return {key: cases_without_hints(value) for key, value in data.items() if key != "hint"}
    return [cases_without_hints(item) for item in data] if isinstance(data, list) else data


def code_without_hints(source: str) -> str:
    """What a cell's code says with the texts in its calls of `hint` empty; the code as it stands
    where it has none or cannot be parsed.
    """
    if f"{_HINT}(" not in source:
        return source
    try:
        return dumped(_Reworder().visit(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source


def _code_without_texts(source: str) -> str:
    try:
        return dumped(_Wordless().visit(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source


class _Wordless(ast.NodeTransformer):
    """Empties every text, with what is computed there."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant("")


class _Reworder(ast.NodeTransformer):
    """Empties the texts inside of a call of `hint`; what is computed there stays."""

    def __init__(self) -> None:
        self._inside = 0

    def visit_Call(self, node: ast.Call) -> ast.AST:
        is_hint = isinstance(node.func, ast.Name) and node.func.id == _HINT
        self._inside += is_hint
        self.generic_visit(node)
        self._inside -= is_hint
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if self._inside and isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        self.generic_visit(node)
        if self._inside:  # the order of the names that a text quotes is part of its wording, too
            parts = [part for part in node.values if isinstance(part, ast.FormattedValue)]
            node.values = sorted(parts, key=dumped)
        return node
