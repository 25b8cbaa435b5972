"""Operator-level mutants of a reference solution: each must lose points, or a hidden case is missing.

`python -m autograder.mutants [ASSIGNMENT…]` grades every mutant and prints those that keep all points. A mutant that
cannot be told from the reference is listed, with the reason, in `autograder/answers/<assignment>/equivalent.yml` as
`{cell: {mutant: reason}}`.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from autograder import answers, exercise
from autograder.errors import CaseError
from autograder.exercise import Exercise

SECONDS = 20  # a mutant that loops for so long has lost its points
_OPERATORS: dict[type, type] = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult},
    **{ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.MatMult: ast.Mult, ast.And: ast.Or, ast.Or: ast.And},
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq},
    **{ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In},
}
_NAMES = {
    **{"mean": "sum", "sum": "mean", "max": "min", "min": "max", "amax": "amin", "argmax": "argmin"},
    **{"avg_pool2d": "max_pool2d", "max_pool2d": "avg_pool2d", "adaptive_avg_pool2d": "adaptive_max_pool2d"},
    **{"train": "eval", "eval": "train", "no_grad": "enable_grad", "zeros_": "ones_", "bilinear": "nearest"},
    **{"relu": "sigmoid", "ReLU": "Identity", "BatchNorm2d": "Identity", "cross_entropy": "multi_margin_loss"},
}


@dataclass(frozen=True)
class Mutant:
    """A changed solution cell; `what` says which line became what."""

    cell: str
    what: str
    source: str


def mutants(cell: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a solution cell's source, markers and docstrings left out, each different from the others."""
    tree = ast.parse(source)
    clean = ast.unparse(tree)
    seen = {clean}
    for index in range(sum(1 for _ in ast.walk(tree))):
        for variant in range(3):
            changed = copy.deepcopy(tree)
            node = next(node for number, node in enumerate(ast.walk(changed)) if number == index)
            if not _mutate(node, variant):
                continue
            mutated = ast.unparse(ast.fix_missing_locations(changed))
            if mutated not in seen:
                seen.add(mutated)
                yield Mutant(cell, _difference(clean, mutated), mutated)


def _mutate(node: ast.AST, variant: int) -> bool:
    """Change the node in place in one of up to three ways; False when it has no such way."""
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and variant == 0 and type(node.op) in _OPERATORS:
        node.op = _OPERATORS[type(node.op)]()
        return True
    if isinstance(node, ast.Compare) and variant == 0 and type(node.ops[0]) in _OPERATORS:
        node.ops[0] = _OPERATORS[type(node.ops[0])]()
        return True
    if isinstance(node, ast.Constant):
        return _mutate_constant(node, variant)
    if isinstance(node, ast.Attribute) and variant == 0 and node.attr in _NAMES:
        node.attr = _NAMES[node.attr]
        return True
    if isinstance(node, ast.Call):
        return _mutate_call(node, variant)
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and variant == 0 and len(node.elts) > 1:
        node.elts.reverse()
        return True
    if isinstance(node, ast.If | ast.IfExp | ast.While) and variant == 0:
        node.test = ast.UnaryOp(ast.Not(), node.test)
        return True
    if isinstance(node, ast.UnaryOp) and variant == 0 and isinstance(node.op, ast.Not | ast.USub):
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not()
        return isinstance(node.op, ast.UAdd)
    return _drop_statement(node, variant)


def _mutate_constant(node: ast.Constant, variant: int) -> bool:
    value = node.value
    if isinstance(value, bool):
        node.value = not value
        return variant == 0
    if isinstance(value, int) and variant < 2:
        node.value = value + (1, -1)[variant]
        return True
    if isinstance(value, float) and variant == 0:
        node.value = value * 1.1 + 0.1
        return True
    if isinstance(value, str) and variant == 0 and value in _NAMES:
        node.value = _NAMES[value]
        return True
    return False


def _mutate_call(node: ast.Call, variant: int) -> bool:
    """Drop the last keyword, drop the last argument, or put the first argument in the place of the call."""
    if variant == 0 and node.keywords:
        node.keywords.pop()
        return True
    if variant == 1 and len(node.args) > 1:
        node.args.pop()
        return True
    if variant == 2 and isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
        receiver = node.func.value
        node.func, node.args = ast.Name("id_", ast.Load()), [receiver]
        return True
    return False


def _drop_statement(node: ast.AST, variant: int) -> bool:
    """Replace one statement of a body by `pass`; bodies are function bodies and blocks."""
    body: list[Any] = getattr(node, "body", [])
    if not isinstance(body, list) or isinstance(node, ast.Module | ast.ClassDef):
        return False
    droppable = [
        i for i, line in enumerate(body) if isinstance(line, ast.Expr | ast.Assign | ast.AugAssign | ast.Return)
    ]
    droppable = [
        i for i in droppable if not (isinstance(body[i], ast.Expr) and isinstance(body[i].value, ast.Constant))
    ]
    if variant >= len(droppable):
        return False
    body[droppable[variant]] = ast.Pass()
    return True


def _difference(clean: str, mutated: str) -> str:
    for before, after in zip(clean.splitlines(), mutated.splitlines(), strict=False):
        if before != after:
            return f"{before.strip()} → {after.strip()}"
    return "a line is missing"


def survivors(of: Exercise, every: int = 1) -> Iterator[Mutant]:
    """Mutants of the reference that keep all points, every `every`-th one tried, known equivalents left out."""
    known = equivalents(of.name)
    answers.grade_sources(of, {}, visible=False)  # so that no import at first use runs into a mutant's time limit
    for cell, source in of.solutions.items():
        for number, mutant in enumerate(mutants(cell, source)):
            if number % every == 0 and mutant.what not in known.get(cell, {}) and _keeps_points(of, mutant):
                yield mutant


def _keeps_points(of: Exercise, mutant: Mutant) -> bool:
    source = "def id_(x):\n    return x\n\n\n" + mutant.source
    try:
        with _time_limit(SECONDS):
            outcomes = answers.grade_sources(of, {mutant.cell: source}, "mutant", visible=False)
    except TimeoutError:
        return False
    return all(outcome.hidden.passed for outcome in outcomes.values())


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` in the main thread after so many seconds."""

    def stop(signum: int, frame: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def equivalents(assignment: str) -> dict[str, dict[str, str]]:
    """Mutants that are shown to be equivalent, with the reason, by cell."""
    path = answers.ANSWERS / assignment / "equivalent.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.is_file() else {}


def main(arguments: list[str]) -> int:
    """Print the survivors of the named assignments (all by default); 1 when there are any."""
    names = arguments or sorted(path.stem for path in exercise.EXERCISES.glob("ex*.md"))
    alive = 0
    for name in names:
        of = exercise.load(name)
        total = sum(1 for cell, source in of.solutions.items() for _ in mutants(cell, source))
        left = list(survivors(of))
        alive += len(left)
        print(f"{name}: {total} mutants, {len(left)} keep all points")
        for mutant in left:
            print(f"  {mutant.cell}: {mutant.what}")
    return 1 if alive else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CaseError as problem:
        sys.exit(str(problem))
