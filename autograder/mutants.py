"""Operator-level mutants of a reference solution: each must lose points, or a hidden case is missing.

`python -m autograder.prove` grades every mutant and lists those that keep all points. A mutant that cannot be told from
the reference is listed, with the reason, in `autograder/answers/<assignment>/equivalent.yml` as `{cell: {mutant:
reason}}`.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from autograder import answers, exercise, judge, probe
from autograder.exercise import Exercise, Test

SECONDS = 20  # of CPU time: a mutant that computes for so long never ends, and has lost its points
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


def of_exercise(of: Exercise) -> list[Mutant]:
    """Every mutant of an assignment's reference, cell after cell."""
    return [mutant for cell, source in of.solutions.items() for mutant in mutants(cell, source)]


def survivors(of: Exercise, every: int = 1) -> Iterator[Mutant]:
    """Mutants of the reference that keep all points, every `every`-th one tried, known equivalents left out."""
    known = equivalents(of.name)
    for number, mutant in enumerate(of_exercise(of)):
        if number % every == 0 and mutant.what not in known.get(mutant.cell, {}) and keeps_points(of, mutant):
            yield mutant


def keeps_points(of: Exercise, mutant: Mutant) -> bool:
    """Do the hidden cases alone give the mutant every point? The tests of the changed cell are tried first."""
    if of.path.is_file():
        _warm(of.name)
    tests = sorted(of.tests.values(), key=lambda test: test.function != mutant.cell)
    source = "def id_(x):\n    return x\n\n\n" + mutant.source
    try:
        with _time_limit(SECONDS):
            namespace = of.namespace({mutant.cell: source})
            return all(_passes(of, test, namespace, source) for test in tests)
    except _OutOfTime:
        return False
    except Exception:  # it cannot even be defined: the judge has no part in this
        return False


@functools.cache
def _warm(name: str) -> None:
    """Judge the reference once, so that no import at first use runs into a mutant's time limit."""
    of = exercise.load(name)
    for test in of.tests.values():
        _passes(of, test, of.reference(), "")


def _passes(of: Exercise, test: Test, namespace: dict[str, Any], source: str) -> bool:
    def ask(request: dict[str, Any]) -> Any:
        return probe.run(request, namespace)

    sources = [*of.shared, *([source] if source else of.solutions.values())]
    return judge.judge_test(of, test, ask, submission="mutant", cells=sources).passed


class _OutOfTime(BaseException):
    """No `Exception`, so that neither the probe nor a mutant's own `except` catches it."""


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise `_OutOfTime` in the main thread after so many seconds of CPU time; a busy machine changes nothing."""

    def stop(signum: int, frame: Any) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def equivalents(assignment: str) -> dict[str, dict[str, str]]:
    """Mutants that are shown to be equivalent, with the reason, by cell."""
    path = answers.ANSWERS / assignment / "equivalent.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.is_file() else {}
