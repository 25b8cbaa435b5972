"""Turns a hidden case into the requests that the probe carries out, with everything random drawn.
Trusted side only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.cases import (
    Case,
    Construct,
    Fixture,
    Items,
    Loader,
    Optimizer,
    Ref,
    Span,
    Tensor,
    is_students,
)
from autograder.draw import Draw
from autograder.probe.entry import VERSION
from autograder.probe.messages import Alignment, Request

# `registration` suits nearly every answer; `use` is tried when it fails, for layers that were
# defined in another order.
ALIGNMENTS: tuple[Alignment, ...] = ("registration", "use")


@dataclass(frozen=True)
class Way:
    """One way of asking: the canonical order of weights, and whether stand-ins take the place of
    student's classes.
    """

    align: Alignment = "registration"
    stand_in: bool = False


def ways(case: Case) -> tuple[Way, ...]:
    """The ways worth trying, in order: two alignments where the student's own module is filled,
    then with stand-ins.
    """
    aligns = ALIGNMENTS if case.fills else ALIGNMENTS[:1]
    if getattr(case, "order", "any") == "use":
        aligns = ALIGNMENTS[1:]
    with_stand_in = (False, True) if getattr(case, "stand_in", None) else (False,)
    return tuple(Way(align, stand_in) for stand_in in with_stand_in for align in aligns)


def requests(case: Case, seed: int, way: Way = Way()) -> list[Request]:
    """The requests of a case, one per entry of `inputs` for a function and one otherwise; same
    seed, same requests.
    """
    planner = _Planner(Draw(seed))
    programs = case.programs(planner)
    return [
        {
            "version": VERSION,
            "seed": planner.draw.seed(),
            "align": way.align,
            "neutral": list(getattr(case, "neutral", ())),
            "stand_in": dict(getattr(case, "stand_in", {})) if way.stand_in else {},
            "steps": steps,
        }
        for steps in programs
    ]


class _Planner:
    """Draws the values of one case, in order."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw

    def forward(self, of: str, args: list[Any], mode: str | None) -> dict[str, Any]:
        return {
            "op": "forward",
            "of": of,
            "args": args,
            "mode": mode,
            "gradients": False,
            "seed": 0,
        }

    def objects(
        self, objects: tuple[tuple[str, Any], ...], sample: tuple[Any, ...] = ()
    ) -> list[dict[str, Any]]:
        """Build each object; what the student's own class made is filled, so that both sides hold
        the same numbers.

        `sample` is an input with which the order of use can be found.
        """
        steps: list[dict[str, Any]] = []
        for name, value in objects:
            steps.append({"op": "make", "name": name, "value": self.value(value)})
            if is_students(value):
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
            more = {
                "seed": self.draw.seed(),
                "mode": value.mode,
                "frozen": list(value.frozen),
                "asleep": list(value.asleep),
                "stale": value.stale,
            }
            return {
                "is": "fixture",
                "fixture": value.fixture,
                "options": dict(value.options),
                **more,
            }
        if isinstance(value, Loader):
            return self.loader(value)
        if isinstance(value, Optimizer):
            return {
                "is": "optimizer",
                "optimizer": value.optimizer,
                "of": value.of,
                "options": dict(value.options),
            }
        return value

    def loader(self, spec: Loader) -> dict[str, Any]:
        x = self.draw.array(Tensor((spec.samples, *spec.shape)))
        y = self.draw.array(
            Tensor((spec.samples,), dtype="int64", values="integers", high=spec.classes)
        )
        return {"is": "loader", "x": x, "y": y, "batch": spec.batch, "form": spec.form}
