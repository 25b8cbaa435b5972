"""Cases about a function: inputs in, outputs and gradients back, and the route by which they came
about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from autograder import hints, syntax
from autograder.cases import Case, Checked, Items, Judge, Planner, Step, Tensor
from autograder.errors import CaseError
from autograder.probe.change import change
from autograder.read_cases import Reader, flag, identifier, many, named_values, text, whole
from autograder.verdict import Problem

# What a source reaches → operators that torch then uses inside: `F.interpolate(x, size,
# mode="area")`, `nn.Upsample`.
_INSIDE = {frozenset({name, "area"}): "adaptive_avg_pool" for name in ("interpolate", "Upsample")}
_STEPS_OF_A_REDUCTION = 4  # a mean along one axis, then another; or by halves
_ROUTE_TOLERANCE = (1e-3, 1e-4)  # what is scaled and shifted up to four times has lost digits
_SLIGHT_TOLERANCE = (0.0, 1e-13)  # a slight change of the mean of numbers near 3 is 1e-10


@dataclass(frozen=True)
class Route:
    """How the answer must come about. `through`: one of these torch functions makes it by a
    reduction of the input.

    `avoid`: words; operators of torch with one of them in their name raise, and the source may not
    reach such a name. `named`/`unnamed` are read in the source's syntax tree: identifiers of which
    one must, or none may, be reached from the function.
    """

    through: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True)
class FunctionCase(Case):
    """Inputs in, outputs and input gradients back; every entry of `inputs` must pass."""

    kind: ClassVar[str] = "function"
    call: str
    inputs: tuple[tuple[tuple[str, Any], ...], ...]
    kwargs: Mapping[str, Any]
    grad: tuple[str, ...]
    raises: str | None
    exact_type: bool
    item: int | None
    unchanged: bool
    route: Route | None

    @property
    def subject(self) -> str:
        return self.call

    @property
    def wanted_error(self) -> str | None:
        return self.raises

    def refuses(self, cells: list[str] | None) -> list[str]:
        if not self.route or not self.route.avoid:
            return []
        reached = syntax.identifiers_reached(cells or [], self.call) or set()
        allowed = sorted({operator for wanted, operator in _INSIDE.items() if reached >= wanted})
        return [*self.route.avoid, *(f"!{operator}" for operator in allowed)]

    @classmethod
    def read(cls, reader: Reader) -> dict[str, Any]:
        inputs = reader.take("inputs", many(named_values))
        grad = reader.take("grad", many(text), ())
        for name in grad:
            if not all(_is_differentiable(dict(given).get(name)) for given in inputs):
                what = f"{name!r} is not a tensor in each of the inputs; name an argument"
                raise CaseError(f"{reader.where}, grad: {what}")
        return {
            "call": reader.take("call", identifier),
            "inputs": inputs,
            "kwargs": dict(reader.take("kwargs", named_values, ())),
            "grad": grad,
            "raises": reader.take("raises", identifier, None),
            "exact_type": reader.take("exact_type", flag, True),
            "item": reader.take("item", whole, None),
            "unchanged": reader.take("unchanged", flag, True),
            "route": reader.take("route", _route, None),
        }

    def checked(self) -> Checked:
        return [([value for given in self.inputs for _, value in given], [])]

    def programs(self, planner: Planner) -> list[list[Step]]:
        return [self._program(planner, given) for given in self.inputs]

    def _program(self, planner: Planner, given: tuple[tuple[str, Any], ...]) -> list[Step]:
        """Arguments first (kept, to see whether they changed), the plain call, gradients, the
        route.
        """
        steps = [
            {"op": "make", "name": name, "value": planner.value(value)} for name, value in given
        ]
        names = [name for name, _ in given]
        args, kwargs = [{"is": "ref", "name": name} for name in names], planner.named(self.kwargs)
        call = {"call": self.call, "args": args, "kwargs": kwargs}
        steps.append({"op": "call", **call})
        if self.unchanged and not self.raises:
            steps += [{"op": "show", "of": name, "what": "value"} for name in names]
        if self.grad:
            of = [names.index(name) for name in self.grad]
            steps.append({"op": "gradient", **call, "of": of, "seed": planner.draw.seed()})
        if self.route and self.route.through:
            change = {"scale": planner.draw.factor(), "shift": planner.draw.factor()}
            steps.append({"op": "route", **call, "watch": list(self.route.through), **change})
        return steps

    def source_problem(self, cells: list[str] | None) -> Problem | None:
        return _check_source(self, self.route, cells) if self.route else None

    def on_call(self, judge: Judge, step: Step, mine: Any, other: Any) -> Problem | None:
        if step.get("name"):
            return None  # kept for the observations that follow
        if isinstance(mine, dict) and mine.get("t") == other["t"]:
            mine, other = self._one_item(mine), self._one_item(other)
        if found := judge.difference(mine, other):
            return judge.known_mistake(mine, other) or judge.differs(found)
        return None

    def _one_item(self, described: dict[str, Any]) -> Any:
        """The item of a tuple or list that the case is about, where it is about one."""
        items, item = described.get("v"), self.item
        return (
            items[item]
            if item is not None and isinstance(items, list) and item < len(items)
            else described
        )

    def on_gradient(self, judge: Judge, step: Step, mine: Any, other: Any) -> Problem | None:
        mine = mine if isinstance(mine, dict) else {}
        if found := judge.difference(mine.get("result"), other["result"]):
            return judge.differs(found)
        names = [
            name
            for index in step["of"]
            for name in _leaves(judge.request, step["args"][index]["name"])
        ]
        gradients = mine.get("gradients")
        if not isinstance(gradients, list) or len(gradients) != len(names):
            return judge.problem(hints.cut(names[0]), "the result is not differentiable")
        for name, one, wanted in zip(names, gradients, other["gradients"], strict=True):
            if one is None and wanted is not None:
                return judge.problem(hints.cut(name), f"no gradient for {name}")
            if found := judge.array_difference(one, wanted):
                return judge.problem(
                    hints.gradient_differs(name, found), f"gradient of {name}: {found.en}"
                )
        return None

    def on_route(self, judge: Judge, step: Step, mine: Any, other: Any) -> Problem | None:
        """Did one of the wanted functions make the answer? It has to follow, in one step or in
        several.
        """
        route = self.route or Route()
        mine = mine if isinstance(mine, dict) else {}
        if found := judge.difference(mine.get("result"), other["result"]):
            return judge.differs(found)
        tolerance, by = self.tolerance or _ROUTE_TOLERANCE, (step["scale"], step["shift"])
        if _follows(
            judge, mine.get("altered"), other["result"], change(*by), tolerance
        ) or _follows(
            judge,
            mine.get("slightly"),
            other["exact"],
            change(*by, slightly=True),
            _SLIGHT_TOLERANCE,
        ):
            return None
        called = list(dict.fromkeys(judge.names(mine.get("called"))))
        used = [name for name in called if name in route.through]
        seen = "is called, but its result is not the answer" if used else "is not called"
        others = ", ".join(name[:40] for name in called if name not in used)[:160] or "none"
        return Problem(
            self.hint,
            f"{' or '.join(route.through)} {seen} (other reductions: {others})",
            route=True,
        )

    def on_show(self, judge: Judge, step: Step, mine: Any, other: Any) -> Problem | None:
        """Was the input left as it was?"""
        if judge.within(mine, other, (0.0, 0.0)):
            return judge.problem(hints.changed(step["of"]), f"input {step['of']} changed")
        return None


def _follows(
    judge: Judge, mine: Any, right: Any, change: tuple[float, float], tolerance: tuple[float, float]
) -> bool:
    """Is it what comes out where each of some reductions in a row is changed?"""
    if right["t"] == "other":  # an error, of which there is no change
        return False
    for _ in range(_STEPS_OF_A_REDUCTION):
        right = judge.altered(right, *change)
        if judge.within(mine, right, tolerance) is None:
            return True
    return False


def _is_differentiable(value: Any) -> bool:
    """A tensor, or a tuple or list of tensors."""
    return isinstance(value, Tensor) or (
        isinstance(value, Items)
        and bool(value.items)
        and all(isinstance(item, Tensor) for item in value.items)
    )


def _route(data: Any, where: str) -> Route:
    reader = Reader(data, where)
    names = {
        key: reader.take(key, many(text), ()) for key in ("through", "avoid", "named", "unnamed")
    }
    reader.end()
    if not any(names.values()):
        raise CaseError(
            f"{where}: the route asks for nothing; give `through`, `avoid`, `named` or `unnamed`"
        )
    return Route(**names)


def _leaves(request: dict[str, Any], name: str) -> list[str]:
    """What to call the tensors of an argument: its name, or `name[0]`, `name[1]` for a tuple or
    list.
    """
    made = next(s["value"] for s in request["steps"] if s["op"] == "make" and s["name"] == name)
    items = made if isinstance(made, list) else made.get("items")
    return [name] if items is None else [f"{name}[{number}]" for number in range(len(items))]


def _check_source(case: FunctionCase, route: Route, cells: list[str] | None) -> Problem | None:
    """Read the hand-in's syntax tree, where there is one: the wanted identifier is reached, no
    unwanted one is.
    """
    reached = None if cells is None else syntax.identifiers_reached(cells, case.call)
    if reached is None:
        return None  # the function does not exist or cannot be parsed: running it will tell
    if found := (
        sorted(syntax.torch_reached(cells or [], case.call, route.avoid)) if route.avoid else []
    ):
        return Problem(
            hints.mentioned(case.call, found[0]),
            f"the source reaches torch's {', '.join(found[:5])}",
            route=True,
        )
    if found := sorted(reached & syntax.AROUND) if route.avoid else []:
        said = f"the source goes past torch's dispatcher by {found[0]}"
        return Problem(hints.mentioned(case.call, found[0]), said, route=True)
    if found := sorted(reached & set(route.unnamed)):
        return Problem(case.hint, f"the source mentions {found[0]}")
    if route.named and not reached & set(route.named):
        return Problem(case.hint, f"the source mentions none of {', '.join(route.named)}")
    return None
