"""Operator-level mutants of a reference solution: each must lose points, or a hidden case is
missing.

`python -m autograder.prove` grades every mutant and lists those that keep all points. A mutant that
cannot be told from the reference is listed, with the reason, in
`autograder/answers/<assignment>/equivalent.yml` as `{cell: {mutant: reason}}`.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from autograder import answers, exercise, judge
from autograder.exercise import Exercise, Test
from autograder.probe import entry
from autograder.probe.messages import Request, Together

SECONDS = 20  # of CPU time: a mutant that computes for so long never ends, and has lost its points
_OPERATORS: dict[type, type] = {
    **{
        ast.Add: ast.Sub,
        ast.Sub: ast.Add,
        ast.Mult: ast.Add,
        ast.Div: ast.Mult,
        ast.FloorDiv: ast.Mult,
    },
    **{
        ast.Mod: ast.Mult,
        ast.Pow: ast.Mult,
        ast.MatMult: ast.Mult,
        ast.And: ast.Or,
        ast.Or: ast.And,
    },
    **{
        ast.Lt: ast.LtE,
        ast.LtE: ast.Lt,
        ast.Gt: ast.GtE,
        ast.GtE: ast.Gt,
        ast.Eq: ast.NotEq,
        ast.NotEq: ast.Eq,
    },
    **{ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In},
}
_NAMES = {
    **{
        "mean": "sum",
        "sum": "mean",
        "max": "min",
        "min": "max",
        "amax": "amin",
        "argmax": "argmin",
    },
    **{
        "avg_pool2d": "max_pool2d",
        "max_pool2d": "avg_pool2d",
        "adaptive_avg_pool2d": "adaptive_max_pool2d",
    },
    **{"train": "eval", "eval": "train", "no_grad": "enable_grad", "zeros_": "ones_"},
    **{
        "relu": "sigmoid",
        "ReLU": "Identity",
        "BatchNorm2d": "Identity",
        "cross_entropy": "multi_margin_loss",
    },
}
_TEXTS = {"bilinear": ("nearest", "bicubic")}
# Arguments that a call leaves at their default, and another value for each.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "BatchNorm2d": {"momentum": 0.3, "eps": 0.001, "affine": False, "track_running_stats": False},
    "Conv2d": {"bias": False, "padding": 1, "dilation": 2, "padding_mode": "circular"},
    "Linear": {"bias": False},
    "cross_entropy": {"reduction": "sum", "label_smoothing": 0.1},
    "interpolate": {"antialias": True},
    "avg_pool2d": {"stride": 1, "ceil_mode": True},
}


@dataclass(frozen=True)
class Mutant:
    """A changed solution cell; `what` says which line became what."""

    cell: str
    what: str
    source: str


def mutants(cell: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a solution cell's source, markers and docstrings left out, each different
    from the others.
    """
    tree = ast.parse(source)
    clean = ast.unparse(tree)
    seen = {clean}
    for index, node in enumerate(ast.walk(tree)):
        for variant in range(len(_changes(node, tree))):
            changed = copy.deepcopy(tree)
            same = next(node for number, node in enumerate(ast.walk(changed)) if number == index)
            _changes(same, changed)[variant]()
            mutated = ast.unparse(ast.fix_missing_locations(changed))
            if mutated not in seen:
                seen.add(mutated)
                yield Mutant(cell, _difference(clean, mutated), mutated)


_Change = Callable[[], None]


def _changes(node: ast.AST, tree: ast.AST) -> list[_Change]:
    """All ways to change this node of the tree in place."""
    return [
        *_changed_operators(node),
        *_changed_values(node),
        *_changed_calls(node),
        *_changed_sequences(node),
        *_dropped_statements(node),
        *_changed_in_training(node, tree),
    ]


def _set(node: ast.AST, **fields: Any) -> _Change:
    def change() -> None:
        for name, value in fields.items():
            setattr(node, name, value)

    return change


def _changed_operators(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in _OPERATORS:
        yield _set(node, op=_OPERATORS[type(node.op)]())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _OPERATORS:
        yield _set(node, ops=[_OPERATORS[type(node.ops[0])](), *node.ops[1:]])
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield _set(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _set(node, op=ast.UAdd())


def _changed_values(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.Attribute) and node.attr in _NAMES:
        yield _set(node, attr=_NAMES[node.attr])
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield _set(node, value=not value)
    elif isinstance(value, int):
        yield from (_set(node, value=value + step) for step in (1, -1))
    elif isinstance(value, float):
        yield _set(node, value=value * 1.1 + 0.1)
    elif isinstance(value, str):
        yield from (_set(node, value=other) for other in _TEXTS.get(value, ()))


def _changed_calls(node: ast.AST) -> Iterator[_Change]:
    """Drop the last keyword or argument, put the receiver in the call's place, give an argument
    that has a default.
    """
    if not isinstance(node, ast.Call):
        return
    if node.keywords:
        yield _set(node, keywords=node.keywords[:-1])
    if len(node.args) > 1:
        yield _set(node, args=node.args[:-1])
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
        yield _set(node, func=ast.Name("id_", ast.Load()), args=[node.func.value])
    given = {keyword.arg for keyword in node.keywords}
    for argument, other in _DEFAULTS.get(name, {}).items():
        if argument not in given:
            yield _set(node, keywords=[*node.keywords, ast.keyword(argument, ast.Constant(other))])


def _changed_sequences(node: ast.AST) -> Iterator[_Change]:
    """Turn a tuple around; leave one item out; put dropout between the modules of a `Sequential` or
    of a list.
    """
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield _set(node, elts=node.elts[::-1])
    if isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
        name, items = "elts", node.elts
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "Sequential"
    ):
        name, items = "args", node.args
    else:
        return
    for place in range(len(items)):
        if len(items) > 1:
            yield _set(node, **{name: items[:place] + items[place + 1 :]})
        if isinstance(items[place], ast.Call) and not isinstance(node, ast.Tuple):
            dropout = ast.parse("nn.Dropout(0.5)", mode="eval").body
            yield _set(node, **{name: [*items[: place + 1], dropout, *items[place + 1 :]]})


def _dropped_statements(node: ast.AST) -> Iterator[_Change]:
    """Replace one statement of a function's body or of a block by `pass`."""
    body: list[Any] = getattr(node, "body", [])
    if not isinstance(body, list) or isinstance(node, ast.Module | ast.ClassDef):
        return
    for place, line in enumerate(body):
        text = isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
        if isinstance(line, ast.Expr | ast.Assign | ast.AugAssign | ast.Return) and not text:
            yield _set(node, body=[*body[:place], ast.Pass(), *body[place + 1 :]])


def _changed_in_training(node: ast.AST, tree: ast.AST) -> Iterator[_Change]:
    """In a module's `forward`: dropout after a layer, and an operation left out, both in train mode
    alone.
    """
    methods = [
        method for each in ast.walk(tree) if isinstance(each, ast.ClassDef) for method in each.body
    ]
    forward = [
        each for each in methods if isinstance(each, ast.FunctionDef) and each.name == "forward"
    ]
    if not any(node is inner for method in forward for inner in ast.walk(method)):
        return
    training = ast.parse("self.training", mode="eval").body
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and _is_self(node.func.value)
    ):
        layer = ast.Call(node.func, node.args, node.keywords)
        dropout = ast.parse("F.dropout", mode="eval").body
        yield _set(node, func=dropout, args=[layer, ast.Constant(0.5), training], keywords=[])
    if isinstance(node, ast.BinOp):
        whole = ast.BinOp(node.left, node.op, node.right)
        kept = ast.IfExp(training, node.left, whole)
        yield _set(node, left=kept, op=ast.Mult(), right=ast.Constant(1))


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _difference(clean: str, mutated: str) -> str:
    for before, after in zip(clean.splitlines(), mutated.splitlines(), strict=False):
        if before != after:
            return f"{before.strip()} → {after.strip()}"
    return "a line is missing"


def of_exercise(of: Exercise) -> list[Mutant]:
    """Every mutant of an assignment's reference, cell after cell."""
    return [mutant for cell, source in of.solutions.items() for mutant in mutants(cell, source)]


def survivors(of: Exercise, every: int = 1) -> Iterator[Mutant]:
    """Mutants of the reference that keep all points, every `every`-th one tried, known equivalents
    left out.
    """
    known = equivalents(of.name)
    for number, mutant in enumerate(of_exercise(of)):
        if (
            number % every == 0
            and mutant.what not in known.get(mutant.cell, {})
            and keeps_points(of, mutant)
        ):
            yield mutant


def keeps_points(of: Exercise, mutant: Mutant) -> bool:
    """Do the hidden cases alone give the mutant every point? The tests of the changed cell are
    tried first.
    """
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
    def ask(request: Request | Together) -> Any:
        return entry.answer(request, namespace)

    sources = [*of.shared, *([source] if source else of.solutions.values())]
    return judge.judge_test(of, test, ask, submission="mutant", cells=sources).passed


class _OutOfTime(BaseException):
    """No `Exception`, so that neither the probe nor a mutant's own `except` catches it."""


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise `_OutOfTime` in the main thread after so many seconds of CPU time; a busy machine
    changes nothing.
    """

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
