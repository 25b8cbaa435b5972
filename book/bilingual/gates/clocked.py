"""No cell asserts how long something took: what holds on one machine fails on a busier one, and the
student's notebook stops there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from book.bilingual.errors import Problem
from book.bilingual.lesson.source import Lesson

# What tells the time, and the snippets' functions that return times or rates.
CLOCKS = {"process_time", "perf_counter", "monotonic", "call_times", "read_rate", "matmul_rate"}


def problems(lesson: Lesson) -> Iterator[Problem]:
    """Each assertion of `lesson` on a value that a clock went into."""
    timed = set(CLOCKS)
    for cell in lesson.cells:
        if cell.kind != "code":
            continue
        try:
            body = ast.parse(cell.text).body
        except SyntaxError:  # a magic, or a fault that the formatter names
            continue
        for node in (part for statement in body for part in ast.walk(statement)):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                timed |= _stored(node) if _names(node.value) & timed else set()
            elif isinstance(node, ast.Assert) and (found := _names(node.test) & timed):
                what = f"asserts a measured time ({', '.join(sorted(found))})"
                mend = "show the time, and assert what can be counted"
                yield lesson.problem(cell, what, mend, offset=node.lineno - 1)


def _names(node: ast.AST | None) -> set[str]:
    """The names and attributes that an expression mentions."""
    parts = [] if node is None else [*ast.walk(node)]
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    return names | {part.attr for part in parts if isinstance(part, ast.Attribute)}


def _stored(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> set[str]:
    """The names that an assignment binds, or into whose value it writes."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {
        part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)
    }
