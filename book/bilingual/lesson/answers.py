"""The cell that answers a prediction, in notebooks: what it asserts moves into a folded cell right
behind it, since an assertion states the answer to whoever has not run the cell yet.

Only whole statements at the top level move: `assert …`, `claim(…)`, `torch.testing.assert_…`, and
loops that only assert. The build runs a cell as it is written, nbval in the notebook's order: what
holds in its own place alone stops there, and is noted in a name (`still = …`) to be asserted later.
"""

from __future__ import annotations

import ast
import operator

CHECK = "-check"  # ends the id of the cell of assertions


def apart(code: str) -> tuple[str, str]:
    """What the cell shows, and its assertions; the second is empty where nothing can move, the
    first where there is nothing else.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:  # an IPython command
        return code, ""
    lines, taken = code.split("\n"), set[int]()
    left = [node for node in tree.body if not _asserts(node)]
    shared = {line for node in left for line in (node.lineno, node.end_lineno or 0)}
    for node in (node for node in tree.body if _asserts(node)):
        first, last = node.lineno, node.end_lineno or 0
        if {first, last} & shared:
            continue
        while first > 1 and lines[first - 2].startswith("#"):  # what is said about it
            first -= 1
        taken |= set(range(first - 1, last))
    if taken and left and left[-1] is not tree.body[-1] and isinstance(left[-1], ast.Expr):
        lines[(left[-1].end_lineno or 0) - 1] += ";"  # what it returns is no output
    shown = [line for number, line in enumerate(lines) if number not in taken]
    return _tidy(shown), _tidy([lines[number] for number in sorted(taken)])


def _asserts(node: ast.stmt) -> bool:
    if isinstance(node, ast.For):
        kinds = [_asserts(each) for each in node.body]
        helps = [isinstance(each, ast.Assign) for each in node.body]
        return any(kinds) and not node.orelse and all(map(operator.or_, kinds, helps))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = ast.unparse(node.value.func)
        return called == "claim" or called.startswith("torch.testing.assert_")
    return isinstance(node, ast.Assert)


def _tidy(lines: list[str]) -> str:
    """Without blank lines at either end, or several in a row."""
    found: list[str] = []
    for line in lines:
        if line.strip() or (found and found[-1].strip()):
            found.append(line)
    return "\n".join(found).strip("\n")
