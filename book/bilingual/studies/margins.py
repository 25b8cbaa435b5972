"""By how much the assertions of a lesson hold: for `rerun`, which executes a lesson under many
seeds.

Every comparison inside an `assert` statement is rewritten, on its lines, into a call that compares
the same values and notes them. What the lesson computes stays the same.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

_SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}

# Runs in the kernel, which knows nothing of this project.
HELPER = r"""
__course_margins__ = {}
__course_compared__ = {}

def __course_compare__(line, text, signs, *values):
    import operator
    tests = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
             "==": operator.eq, "!=": operator.ne}
    result = True
    for sign, left, right in zip(signs, values, values[1:]):
        found = tests[sign](left, right)
        margin = None
        try:
            if sign in ("<", "<=", ">", ">="):
                gap = (right - left) if "<" in sign else (left - right)
                margin = float(gap.min() if hasattr(gap, "min") else gap)
        except Exception:
            pass
        shown = f"{__course_shown__(left)} {sign} {__course_shown__(right)}"
        __course_compared__.setdefault(line, []).append((margin, f"{text}: {shown}"))
        old = __course_margins__.get((line, text))
        if margin is not None and margin == margin and (old is None or margin < old[0]):
            __course_margins__[line, text] = (margin, shown)
        result = found if result is True else (result and found)
    return result

def __course_shown__(value):
    try:
        return f"{float(value):.4g}"
    except Exception:
        return repr(value)[:80]

def __course_message__(line, *given):
    compared = __course_compared__.get(line, [])
    failed = [text for margin, text in compared if margin is not None and margin <= 0]
    texts = failed[-3:] or [text for _, text in compared[-3:]]
    return "; ".join([*(str(part) for part in given), *texts])
"""
ASK = "__import__('json').dumps([[*key, *value] for key, value in __course_margins__.items()])"
# CPU seconds and peak memory in MiB of the kernel itself (getrusage counts KiB on Linux).
COST = (
    "(lambda used: [used.ru_utime + used.ru_stime, used.ru_maxrss /"
    " 1024])(__import__('resource').getrusage(0))"
)


@dataclass(frozen=True, order=True)
class Margin:
    """A comparison that held, by how much, and the numbers that it compared."""

    line: int  # in the source, 1-based
    text: str
    margin: float
    shown: str


def share_of(margin: Margin) -> float:
    """The margin as a share of the larger of the two numbers."""
    numbers = [abs(float(word)) for word in margin.shown.split() if _is_number(word)]
    return margin.margin / max([*numbers, 1e-12])


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def watched(code: str, first_line: int) -> str:
    """`code` with the comparisons of its assertions noted; `first_line` is the source's line of the
    cell's first.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:  # an IPython command
        return code
    lines = code.split("\n")
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and not lines[node.lineno - 1][: node.col_offset].strip():
            place, end = node.lineno - 1, node.end_lineno or node.lineno
            if lines[end - 1][node.end_col_offset :].split("#")[0].strip():
                continue  # another statement follows on its line
            line = first_line + place
            test = _Watch(code, line).visit(node.test)
            given = [node.msg] if node.msg else []
            message = ast.Call(
                ast.Name("__course_message__", ast.Load()), [ast.Constant(line), *given], []
            )
            text = ast.unparse(ast.fix_missing_locations(ast.Assert(test, message)))
            lines[place:end] = [" " * node.col_offset + text, *[""] * (end - place - 1)]
    return "\n".join(lines)


class _Watch(ast.NodeTransformer):
    def __init__(self, code: str, line: int) -> None:
        self._code, self._line = code, line

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        text = " ".join((ast.get_source_segment(self._code, node) or "").split())
        self.generic_visit(node)
        if any(type(op) not in _SIGNS for op in node.ops):
            return node
        signs = ast.Tuple([ast.Constant(_SIGNS[type(op)]) for op in node.ops], ast.Load())
        arguments = [
            ast.Constant(self._line),
            ast.Constant(text),
            signs,
            node.left,
            *node.comparators,
        ]
        return ast.Call(ast.Name("__course_compare__", ast.Load()), arguments, [])
