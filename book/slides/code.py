"""What of a code cell fits on a slide."""

from __future__ import annotations

import ast
import textwrap

LINES, COLUMNS = 18, 104


def excerpt(code: str) -> str:
    """The cell without its assertions if it is short, else its first class or function: without
    docstring, cut to `forward` or to its loop; one that trains comes first. Empty where nothing of
    it fits.
    """
    code = _without_assertions(code)
    if _fits(code):
        return code.strip("\n")
    defined = [n for n in ast.parse(code).body if isinstance(n, ast.ClassDef | ast.FunctionDef)]
    public = [n for n in defined if not n.name.startswith("_")]
    for node in sorted(
        public,
        key=lambda n: (
            ".backward(" not in ast.unparse(n),
            isinstance(n, ast.FunctionDef) and not _loops(n),
        ),
    ):
        for shown in (_without_docstring(code, node), _inside(code, node)):
            if _fits(shown):
                return shown
    return ""


def _fits(code: str) -> bool:
    lines = code.strip("\n").split("\n")
    return bool(code.strip()) and len(lines) <= LINES and max(map(len, lines)) <= COLUMNS


def _without_assertions(code: str) -> str:
    try:
        body = ast.parse(code).body
    except SyntaxError:  # a line for IPython
        return ""
    checks = [n for n in body if isinstance(n, ast.Assert) or ast.unparse(n).startswith("claim(")]
    gone = {line for n in checks for line in range(n.lineno, (n.end_lineno or n.lineno) + 1)}
    return "\n".join(line for i, line in enumerate(code.split("\n"), 1) if i not in gone)


def _without_docstring(code: str, node: ast.ClassDef | ast.FunctionDef) -> str:
    lines = code.split("\n")
    spoken = {
        line
        for n in ast.walk(node)
        if isinstance(n, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(n)
        for line in range(n.body[0].lineno, (n.body[0].end_lineno or 0) + 1)
    }
    first, last = node.lineno, node.end_lineno or node.lineno
    return "\n".join(lines[i - 1] for i in range(first, last + 1) if i not in spoken).strip("\n")


def _inside(code: str, node: ast.ClassDef | ast.FunctionDef) -> str:
    """The head of a long class and its `forward`, or of a long function and its loop."""
    parts: list[ast.stmt] = _loops(node)
    if isinstance(node, ast.ClassDef):
        head = f"class {node.name}({', '.join(map(ast.unparse, node.bases))}):"
        parts = [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "forward"]
    else:
        head = f"def {node.name}({node.args.args[0].arg if node.args.args else ''}, …):"
    if not parts:
        return ""
    part = textwrap.dedent("\n".join(code.split("\n")[parts[0].lineno - 1 : parts[0].end_lineno]))
    return f"{head}\n    …\n{textwrap.indent(part, '    ')}"


def _loops(node: ast.ClassDef | ast.FunctionDef) -> list[ast.stmt]:
    return [n for n in node.body if isinstance(n, ast.For | ast.While)]
