"""Forms the verdict on the trusted side: asks the probe, asks the reference the same, compares, words the hint.

`ask(request) -> reply` carries a request to wherever the student's code lives: in process (`inprocess`), or into a
sandboxed kernel. It raises `StudentFault` when no reply came. Nothing of a reply is believed: it is plain data of
unknown shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from autograder import compare, draw, hints, plan, probe, syntax
from autograder.cases import Case, FunctionCase, Hint, ModuleCase, MutationCase, Route
from autograder.errors import CaseError, StudentFault
from autograder.exercise import Exercise, Test

Ask = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Problem:
    """Why a case failed: the hint for the student, the reason for the instructor, the fault if no reply came.

    `route`: the answer came about in a way that the exercise does not allow, which the incident report tells.
    """

    hint: Hint
    reason: str
    fault: str | None = None
    route: bool = False


@dataclass(frozen=True)
class Verdict:
    """The verdict on one test cell: all of its points or none."""

    test: str
    points: float
    max_points: float
    case: str | None = None  # the first case that failed
    problem: Problem | None = None

    @property
    def passed(self) -> bool:
        return self.problem is None


def judge_test(
    exercise: Exercise,
    test: Test,
    ask: Ask,
    *,
    secret: bytes = b"",
    submission: str = "",
    cells: Iterable[str] | None = None,
    known: dict[str, Verdict] | None = None,
) -> Verdict:
    """The verdict on a test cell; `submission` is the hand-in's hash, `cells` its code cells' sources (None: unknown).

    The first case that fails decides. `known`: verdicts by test id, used and added to; give the same one as long as
    the student's process is as it was. Raises `CaseError` when the reference solution itself cannot do a case.
    """
    sources = None if cells is None else list(cells)
    known = {} if known is None else known

    def judged(one: Test) -> Verdict:
        if one.id not in known:
            known[one.id] = judged_anew(one)
        return known[one.id]

    def judged_anew(one: Test) -> Verdict:
        for case in one.cases:
            if not all(judged(exercise.tests[name]).passed for name in case.given):
                continue
            seed = draw.case_seed(secret, submission, exercise.name, one.id, case.id)
            if problem := judge_case(case, exercise.reference(), ask, seed, sources):
                return Verdict(one.id, 0.0, one.points, case.id, problem)
        return Verdict(one.id, one.points, one.points)

    return judged(test)


def judge_case(
    case: Case, reference: dict[str, Any], ask: Ask, seed: int, cells: list[str] | None = None
) -> Problem | None:
    """What is wrong with the student's answer to one case; None when nothing is."""
    first: Problem | None = None
    for way in plan.ways(case):
        problem = _judge_way(case, reference, ask, seed, way, cells)
        if problem is None and isinstance(case, FunctionCase) and case.route:
            return _check_source(case, case.route, cells)
        if problem is None or problem.fault:
            return problem
        first = first or problem
    return first


def _judge_way(
    case: Case, reference: dict[str, Any], ask: Ask, seed: int, way: plan.Way, cells: list[str] | None
) -> Problem | None:
    requests = plan.requests(case, seed, way)
    refuse = list(case.route.avoid) if isinstance(case, FunctionCase) and case.route else []
    together: list[Any] = []
    for number, request in enumerate(requests):
        want = probe.run(request, reference)
        raises = case.raises if isinstance(case, FunctionCase) else None
        if ("error" in want) != bool(raises):
            did = _error(want) or f"does not raise {raises}"
            raise CaseError(f"case {case.id!r}: the reference solution {did}; mend the case or the solution")
        try:
            if refuse and not together:
                refuse += [f"!{operator}" for operator in _allowed(cells, case)]
                together = _replies(ask({"several": requests, "refuse": refuse}), len(requests))
            got = together[number] if refuse else ask(request)
        except StudentFault as fault:
            return Problem(hints.fault(fault.kind, _subject(case)), f"{fault.kind}: {fault}", fault.kind)
        if problem := _Judgement(case, request, reference).of(got, want):
            return problem
    return None


def _allowed(cells: list[str] | None, case: Case) -> list[str]:
    """What of torch's operators is not refused: those inside of functions that an exercise allows by their names."""
    reached = syntax.identifiers_reached(cells or [], _subject(case)) or set()
    return sorted({operator for wanted, operator in _INSIDE.items() if reached >= wanted})


def _replies(reply: Any, count: int) -> list[Any]:
    """The replies to several requests; what is missing of them is none."""
    replies = reply.get("replies") if isinstance(reply, dict) else None
    return [*(replies if isinstance(replies, list) else []), *[None] * count][:count]


class _Judgement:
    """Compares one reply with the reference's, step by step."""

    def __init__(self, case: Case, request: dict[str, Any], reference: dict[str, Any]) -> None:
        self.case, self.request, self.reference = case, request, reference
        self.name = _subject(case)

    def of(self, got: Any, want: dict[str, Any]) -> Problem | None:
        steps, results = self.request["steps"], got.get("results") if isinstance(got, dict) else None
        if not isinstance(results, list) or len(results) > len(steps):
            return Problem(hints.fault("malformed", self.name), "malformed reply", "malformed")
        if refused := _names(got.get("refused")):
            return Problem(hints.refused(self.name, refused[0][:60]), f"calls torch's {refused[0][:60]}", route=True)
        for step, mine, other in zip(steps, results, want["results"], strict=False):
            look = getattr(self, "on_" + step["op"], self.on_any)
            if problem := look(step, mine, other):
                return problem
        if "error" in got or "error" in want:
            return self.on_error(got, want)
        if len(results) != len(steps):
            return Problem(hints.fault("malformed", self.name), "malformed reply: steps are missing", "malformed")
        return None

    def on_error(self, got: dict[str, Any], want: dict[str, Any]) -> Problem | None:
        """The student's code raised, or should have."""
        error = got.get("error")
        if not isinstance(error, dict):
            wanted = getattr(self.case, "raises", None) or "an error"
            return self.problem(hints.no_exception(self.name, str(wanted)), f"no {wanted} raised")
        kind, message = str(error.get("type"))[:60], str(error.get("message"))[:400]
        ancestors = _names(error.get("mro"))
        if "error" in want and getattr(self.case, "raises", None) in ancestors:
            return None
        if "NotImplementedError" in ancestors:
            return Problem(hints.unwritten(self.name), "not written yet")
        if kind == "NameError" and message == f"name '{self.name}' is not defined":
            return Problem(hints.missing(self.name), "not defined")
        if kind == "TypeError" and message == "expected an nn.Module, got NoneType":
            return self.differs(hints.NOTHING_RETURNED)
        made = [step["value"] for step in self.request["steps"] if step["op"] == "make"]
        line = f" in `{str(error['line'])[:120]}`" if error.get("line") else ""
        return self.problem(hints.crash(self.name, kind, message, hints.shapes(made)), f"{kind}: {message[:160]}{line}")

    def on_call(self, step: dict[str, Any], mine: Any, other: Any) -> Problem | None:
        if step.get("name"):
            return None  # kept for the observations that follow
        if isinstance(mine, dict) and mine.get("t") == other["t"]:
            mine, other = self.item(mine), self.item(other)
        if found := self.difference(mine, other):
            return self.known_mistake(mine, other) or self.differs(found)
        return None

    def on_gradient(self, step: dict[str, Any], mine: Any, other: Any) -> Problem | None:
        mine = mine if isinstance(mine, dict) else {}
        if found := self.difference(mine.get("result"), other["result"]):
            return self.differs(found)
        names = [name for index in step["of"] for name in self.leaves(step["args"][index]["name"])]
        gradients = mine.get("gradients")
        if not isinstance(gradients, list) or len(gradients) != len(names):
            return self.problem(hints.cut(names[0]), "the result is not differentiable")
        for name, one, wanted in zip(names, gradients, other["gradients"], strict=True):
            if one is None and wanted is not None:
                return self.problem(hints.cut(name), f"no gradient for {name}")
            if found := compare.array_difference(one, wanted, self.case.tolerance):
                return self.problem(hints.gradient_differs(name, found), f"gradient of {name}: {found.en}")
        return None

    def leaves(self, name: str) -> list[str]:
        """What to call the tensors of an argument: its name, or `name[0]`, `name[1]` for a tuple or list."""
        made = next(s["value"] for s in self.request["steps"] if s["op"] == "make" and s["name"] == name)
        items = made if isinstance(made, list) else made.get("items")
        return [name] if items is None else [f"{name}[{number}]" for number in range(len(items))]

    def on_route(self, step: dict[str, Any], mine: Any, other: Any) -> Problem | None:
        """Did one of the wanted functions make the answer? It has to follow, in one step or in several."""
        route = getattr(self.case, "route", None) or Route()
        mine = mine if isinstance(mine, dict) else {}
        if found := self.difference(mine.get("result"), other["result"]):
            return self.differs(found)
        wanted = other["result"]
        for _ in range(_STEPS_OF_A_REDUCTION):
            wanted = _altered(wanted, step["scale"], step["shift"])
            if compare.difference(mine.get("altered"), wanted, self.case.tolerance or (1e-3, 1e-4)) is None:
                return None
        called = list(dict.fromkeys(_names(mine.get("called"))))
        used = [name for name in called if name in route.through]
        seen = "is called, but its result is not the answer" if used else "is not called"
        others = ", ".join(name[:40] for name in called if name not in used)[:160] or "none"
        return Problem(self.case.hint, f"{' or '.join(route.through)} {seen} (other reductions: {others})", route=True)

    def on_show(self, step: dict[str, Any], mine: Any, other: Any) -> Problem | None:
        if isinstance(self.case, FunctionCase):
            if compare.difference(mine, other, (0.0, 0.0)):
                return self.problem(hints.changed(step["of"]), f"input {step['of']} changed")
            return None
        if step["what"] == "type":  # any class will do, as long as it is a Module
            names = _names(mine)
            if "torch.nn.modules.module.Module" in names:
                return None
            return self.differs(hints.NOTHING_RETURNED if "builtins.NoneType" in names else hints.NO_MODULE)
        if step["what"] == "value" and (found := self.difference(mine, other)):
            return self.known_mistake(mine, other) or self.differs(found)
        return self.on_any(step, mine, other)

    def on_forward(self, step: dict[str, Any], mine: Any, other: dict[str, Any]) -> Problem | None:
        mine = mine if isinstance(mine, dict) else {}
        if not getattr(self.case, "values", True):
            found = self.difference(_outline(mine.get("output")), _outline(other["output"]))
            return self.problem(hints.differs(self.name, found, "output"), f"output: {found.en}") if found else None
        if found := self.difference(mine.get("output"), other["output"]):
            known = self.known_mistake(mine.get("output"), other["output"])
            return known or self.problem(hints.differs(self.name, found, "output"), f"output: {found.en}")
        if not mine.get("kept", True):
            return self.problem(hints.changed("x"), "input changed")
        if step["gradients"] and mine.get("inputs") is None and other["inputs"] is not None:
            return self.problem(hints.cut("x"), "the output is not differentiable")
        return self.on_any(step, mine, other)

    def on_fill(self, step: dict[str, Any], mine: Any, other: Any) -> Problem | None:
        return None  # the keys of parameters were compared already; buffers may be named otherwise

    def on_any(self, step: dict[str, Any], mine: Any, other: Any) -> Problem | None:
        found = compare.tree_difference(mine, other, self.case.tolerance)
        if found is None:
            return None
        idle = mine is False and step.get("what", step["op"]) in _SIGNS_OF_LIFE
        if idle or probe.NOTHING_MOVES in _names(mine):
            return self.problem(hints.nothing_done(self.name), "does nothing")
        what = str(step.get("what", _STEP_NAMES.get(step["op"], step["op"])))
        return self.problem(hints.differs(self.name, found, what), f"{what}: {found.en}")

    def differs(self, found: Hint) -> Problem:
        return self.problem(hints.differs(self.name, found), found.en)

    def difference(self, mine: Any, other: Any) -> Hint | None:
        if isinstance(mine, dict) and mine.get("t") == "none" and other["t"] != "none":
            return hints.NOTHING_RETURNED
        return compare.difference(mine, other, self.case.tolerance, getattr(self.case, "exact_type", True))

    def item(self, described: dict[str, Any]) -> Any:
        """The item of a tuple or list that the case is about, where it is about one."""
        index, items = getattr(self.case, "item", None), described.get("v")
        return items[index] if index is not None and isinstance(items, list) and index < len(items) else described

    def known_mistake(self, mine: Any, other: dict[str, Any]) -> Problem | None:
        """The hint of a wrong answer that the author foresaw, recognised by its value."""
        for mistake in self.case.mistakes:
            bench = probe.Bench(self.request, self.reference)
            for step in self.request["steps"]:
                if step["op"] == "make":
                    bench.do_make(step["name"], step["value"])
            try:
                wrong = eval(mistake.equals, {**self.reference, **bench.objects, "result": probe.rebuild(other)})
            except Exception:  # the foreseen mistake may be impossible on this input
                continue
            if self.difference(mine, probe.describe(wrong)) is None:
                return Problem(mistake.hint, f"equals {mistake.equals}")
        return None

    def problem(self, diagnosis: Hint, reason: str) -> Problem:
        return Problem(hints.both(diagnosis, self.case.hint), reason)


# What a source reaches → operators that torch then uses inside: `F.interpolate(x, size, mode="area")`, `nn.Upsample`.
_INSIDE = {frozenset({name, "area"}): "adaptive_avg_pool" for name in ("interpolate", "Upsample")}
_SIGNS_OF_LIFE = ("varies", "responds", "touched", "frozen", "uneven", "owns")
_STEPS_OF_A_REDUCTION = 4  # a mean along one axis, then another; or by halves
_STEP_NAMES = {
    "forward": "output",
    "update": "moved",
    "same": "same object",
    "roundtrip": "state_dict",
    "fill": "parameters",
}


def _check_source(case: FunctionCase, route: Route, cells: list[str] | None) -> Problem | None:
    """Read the hand-in's syntax tree, where there is one: the wanted identifier is reached, no unwanted one is."""
    reached = None if cells is None else syntax.identifiers_reached(cells, case.call)
    if reached is None:
        return None  # the function does not exist or cannot be parsed: running it will tell
    if found := sorted(syntax.torch_reached(cells or [], case.call, route.avoid)) if route.avoid else []:
        return Problem(
            hints.refused(case.call, found[0]), f"the source reaches torch's {', '.join(found[:5])}", route=True
        )
    if found := sorted(reached & syntax.AROUND) if route.avoid else []:
        said = f"the source goes past torch's dispatcher by {found[0]}"
        return Problem(hints.refused(case.call, found[0]), said, route=True)
    if found := sorted(reached & set(route.unnamed)):
        return Problem(case.hint, f"the source mentions {found[0]}")
    if route.named and not reached & set(route.named):
        return Problem(case.hint, f"the source mentions none of {', '.join(route.named)}")
    return None


def _subject(case: Case) -> str:
    """The student's function or class that a case is about."""
    if isinstance(case, ModuleCase):
        return case.construct.call
    return case.call if isinstance(case, FunctionCase | MutationCase) else case.id


def _error(reply: dict[str, Any]) -> str:
    error = reply.get("error")
    return f"raised {error['type']}: {error['message']} (step {error['step']})" if error else ""


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _outline(described: Any) -> Any:
    """A described value with all numbers of its tensors 0: type, shape and dtype are left."""
    if not isinstance(described, dict):
        return described
    inside = described.get("v")
    if isinstance(inside, list):
        return {**described, "v": [_outline(item) for item in inside]}
    if described.get("t") == "tensor" and isinstance(inside, dict) and isinstance(inside.get("data"), bytes):
        return {**described, "v": {**inside, "data": bytes(len(inside["data"]))}}
    return described


def _altered(described: dict[str, Any], scale: float, shift: float) -> dict[str, Any]:
    """A described tensor or number, or each of several, times `scale` plus `shift`."""
    if described["t"] == "tensor":
        numbers = draw.to_numpy(described["v"]) * scale + shift
        return {**described, "v": draw.plain_array(numbers, described["v"]["array"])}
    if described["t"] == "float" and math.isfinite(described["v"]):
        return {"t": "float", "v": described["v"] * scale + shift}
    if described["t"] in ("list", "tuple"):
        return {**described, "v": [_altered(item, scale, shift) for item in described["v"]]}
    return described
