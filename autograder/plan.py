"""Turns a hidden case into the requests that the probe carries out, with everything random drawn. Trusted side only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.cases import (
    Case,
    Construct,
    Fixture,
    FunctionCase,
    Items,
    Loader,
    ModuleCase,
    MutationCase,
    Observation,
    Optimizer,
    Ref,
    Span,
    Tensor,
)
from autograder.draw import Draw
from autograder.probe import VERSION

# `registration` suits nearly every answer; `use` is tried when it fails, for layers that were defined in another order.
ALIGNMENTS = ("registration", "use")


@dataclass(frozen=True)
class Way:
    """One way of asking: the canonical order of weights, and whether stand-ins take the place of student's classes."""

    align: str = "registration"
    stand_in: bool = False


def ways(case: Case) -> tuple[Way, ...]:
    """The ways worth trying, in order: two alignments where the student's own module is filled, then with stand-ins."""
    builds = isinstance(case, ModuleCase) or any(_is_students(value) for _, value in getattr(case, "objects", ()))
    aligns = ALIGNMENTS if builds else ALIGNMENTS[:1]
    if getattr(case, "order", "any") == "use":
        aligns = ALIGNMENTS[1:]
    with_stand_in = (False, True) if getattr(case, "stand_in", None) else (False,)
    return tuple(Way(align, stand_in) for stand_in in with_stand_in for align in aligns)


def requests(case: Case, seed: int, way: Way = Way()) -> list[dict[str, Any]]:
    """The requests of a case, one per entry of `inputs` for a function and one otherwise; same seed, same requests."""
    planner = _Planner(Draw(seed))
    if isinstance(case, FunctionCase):
        programs = [planner.function(case, given) for given in case.inputs]
    elif isinstance(case, ModuleCase):
        programs = [planner.module(case)]
    elif isinstance(case, MutationCase):
        programs = [planner.mutation(case)]
    else:  # pragma: no cover
        raise TypeError(type(case).__name__)
    more = {
        "align": way.align,
        "neutral": list(getattr(case, "neutral", ())),
        "stand_in": dict(getattr(case, "stand_in", {})) if way.stand_in else {},
    }
    return [{"version": VERSION, "seed": planner.draw.seed(), **more, "steps": steps} for steps in programs]


def _is_students(value: Any) -> bool:
    """Does the student's own class make this object, or a part of it?"""
    return isinstance(value, Construct) or (isinstance(value, Items) and value.form == "side_by_side")


class _Planner:
    """Draws the values of one case, in order."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw

    def function(self, case: FunctionCase, given: tuple[tuple[str, Any], ...]) -> list[dict[str, Any]]:
        """Arguments first (kept, to see whether they changed), the plain call, gradients, the route."""
        steps = [{"op": "make", "name": name, "value": self.value(value)} for name, value in given]
        names = [name for name, _ in given]
        args, kwargs = [{"is": "ref", "name": name} for name in names], self.named(case.kwargs)
        call = {"call": case.call, "args": args, "kwargs": kwargs}
        steps.append({"op": "call", **call})
        if case.unchanged and not case.raises:
            steps += [{"op": "show", "of": name, "what": "value"} for name in names]
        if case.grad:
            of = [names.index(name) for name in case.grad]
            steps.append({"op": "gradient", **call, "of": of, "seed": self.draw.seed()})
        if case.route and case.route.through:
            change = {"scale": self.draw.factor(), "shift": self.draw.factor()}
            steps.append({"op": "route", **call, "watch": list(case.route.through), **change})
        return steps

    def module(self, case: ModuleCase) -> list[dict[str, Any]]:
        """Construct, compare shapes, fill, run the passes, show buffers, round trip."""
        steps = self.objects(case.objects)
        construct = self.value(case.construct)
        steps += [{"op": "make", "name": "module", "value": construct}, {"op": "show", "of": "module", "what": "type"}]
        if case.layers:
            steps.append({"op": "show", "of": "module", "what": "layers", "kinds": list(case.layers)})
        if case.fill and case.values:
            steps.append({"op": "show", "of": "module", "what": "shapes"})
        if case.fill:
            sample = [self.value(arg) for arg in case.passes[0].args] if case.passes else None
            steps.append({"op": "fill", "of": "module", "seed": self.draw.seed(), "sample": sample})
        if case.trainable:
            steps.append({"op": "show", "of": "module", "what": "flags"})
        for run in case.passes:
            args = [self.value(arg) for arg in run.args]
            more = {"args": args, "mode": run.mode, "gradients": run.gradients, "seed": self.draw.seed()}
            steps.append({"op": "forward", "of": "module", **more})
        if case.passes and not case.values:
            steps.append({"op": "varies", "of": "module", "args": steps[-1]["args"], "seed": self.draw.seed()})
        if case.buffers:
            steps.append({"op": "show", "of": "module", "what": "buffers"})
        if case.roundtrip and case.passes:
            steps.append({"op": "roundtrip", "of": "module", "value": construct, "name": "copy"})
            args = [self.value(arg) for arg in case.passes[-1].args]
            steps += [self.forward(name, args, "eval") for name in ("module", "copy")]
        return steps

    def mutation(self, case: MutationCase) -> list[dict[str, Any]]:
        """Objects, the calls, perhaps fresh values for everything in the result, then the observations."""
        sample = next((look.args for look in case.observe if look.args), ())
        steps = self.objects(case.objects, sample)
        steps += [{"op": "call", **self.call(case), "name": "result"} for _ in range(case.repeat)]
        if case.refill:
            steps.append({"op": "fill", "of": "result", "seed": self.draw.seed(), "sample": None})
        first = case.objects[0][0] if case.objects else "result"
        for look in case.observe:
            steps.append(self.observation(look, first, case))
        return steps

    def call(self, case: MutationCase) -> dict[str, Any]:
        return {"call": case.call, "args": self.items(case.args), "kwargs": self.named(case.kwargs)}

    def observation(self, look: Observation, first: str, case: MutationCase) -> dict[str, Any]:
        args = [self.value(arg) for arg in look.args]
        if look.what == "output":
            return self.forward(look.of, args, look.mode)
        if look.what in ("moved", "idle"):
            op = "update" if look.what == "moved" else "idle"
            more = {"args": args, "lr": look.lr, "item": look.item, "seed": self.draw.seed()}
            if op == "idle":
                more["kinds"] = list(look.kinds or ())
            return {"op": op, "of": look.of, **more}
        if look.what == "responds":
            return {"op": "responds", **self.call(case), "vary": look.of, "left": list(look.kinds or ())}
        if look.what == "same_object":
            return {"op": "same", "first": "result", "second": first if look.of == "result" else look.of}
        what = {"result": "value", "arguments": "value"}.get(look.what, look.what)
        kinds = None if look.kinds is None else list(look.kinds)
        return {"op": "show", "of": look.of, "what": what, "kinds": kinds}

    def forward(self, of: str, args: list[Any], mode: str | None) -> dict[str, Any]:
        return {"op": "forward", "of": of, "args": args, "mode": mode, "gradients": False, "seed": 0}

    def objects(self, objects: tuple[tuple[str, Any], ...], sample: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        """Build each object; what the student's own class made is filled, so that both sides hold the same numbers.

        `sample` is an input with which the order of use can be found.
        """
        steps: list[dict[str, Any]] = []
        for name, value in objects:
            steps.append({"op": "make", "name": name, "value": self.value(value)})
            if _is_students(value):
                tried = [self.value(arg) for arg in sample] or None
                steps.append({"op": "fill", "of": name, "seed": self.draw.seed(), "sample": tried})
        return steps

    def named(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self.value(value) for name, value in values.items()}

    def items(self, values: tuple[Any, ...]) -> list[Any]:
        return [self.value(value) for value in values]

    def value(self, value: Any) -> Any:
        """A value as the probe builds it, its random parts drawn."""
        if isinstance(value, Tensor):
            return {"is": "tensor", "data": self.draw.array(value), "layout": value.layout}
        if isinstance(value, Span):
            return self.draw.whole(value)
        if isinstance(value, Ref):
            return {"is": "ref", "name": value.name}
        if isinstance(value, Items):
            items = self.items(value.items)
            return items if value.form == "list" else {"is": value.form, "items": items}
        if isinstance(value, Construct):
            return {
                "is": "construct",
                "call": value.call,
                "args": self.items(value.args),
                "kwargs": self.named(value.kwargs),
            }
        if isinstance(value, Fixture):
            more = {"seed": self.draw.seed(), "mode": value.mode, "frozen": list(value.frozen)}
            return {"is": "fixture", "fixture": value.fixture, "options": dict(value.options), **more}
        if isinstance(value, Loader):
            return self.loader(value)
        if isinstance(value, Optimizer):
            return {"is": "optimizer", "optimizer": value.optimizer, "of": value.of, "options": dict(value.options)}
        return value

    def loader(self, spec: Loader) -> dict[str, Any]:
        x = self.draw.array(Tensor((spec.samples, *spec.shape)))
        y = self.draw.array(Tensor((spec.samples,), dtype="int64", values="integers", high=spec.classes))
        return {"is": "loader", "x": x, "y": y, "batch": spec.batch, "form": spec.form}
