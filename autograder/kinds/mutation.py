"""Cases about what a function does to objects: a model, and for `training` a loader and an
optimizer, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from autograder.cases import Case, Checked, Judge, Planner, Step, Tensor, in_order, is_students
from autograder.errors import CaseError
from autograder.read_cases import (
    Reader,
    flag,
    identifier,
    many,
    named_values,
    number,
    one_of,
    tensor,
    text,
    tolerant,
    value,
    whole,
)  # fmt: skip
from autograder.verdict import Problem

from .module import not_a_module

OBSERVATIONS = (
    "result", "same_object", "parameters", "buffers", "flags", "gradients", "modes", "calls",
    "layers", "type",
    "shapes", "groups", "output", "moved", "idle", "changed", "kept", "parts", "outside",
    "arguments",
    "touched", "frozen", "uneven", "owns", "responds", "norms",
    "hooks", "returns_itself",
)  # fmt: skip


@dataclass(frozen=True)
class Observation:
    """What is looked at after the call: `what` of the object called `of`; `args` feed a forward or
    an update.

    `item`: go backward from this one of several outputs alone; of a `result`, look at it alone.
    """

    what: str
    of: str
    kinds: tuple[str, ...] | None = None
    args: tuple[Tensor, ...] = ()
    mode: str | None = None
    lr: float = 0.1
    item: int | None = None


@dataclass(frozen=True)
class MutationCase(Case):
    """Objects are built, the student's function is called on them `repeat` times, then they are
    observed.

    `order`: how layers that the student named are told apart, by `use` alone or by registration and
    then by use.
    """

    kind: ClassVar[str] = "mutation"
    neutral: tuple[str, ...]
    stand_in: Mapping[str, str]
    order: str
    objects: tuple[tuple[str, Any], ...]
    call: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    repeat: int
    refill: bool
    observe: tuple[Observation, ...]

    @property
    def subject(self) -> str:
        return self.call

    @property
    def fills(self) -> bool:
        return any(is_students(made) for _, made in self.objects)

    @classmethod
    def read(cls, reader: Reader) -> dict[str, Any]:
        return {
            **tolerant(reader),
            "order": reader.take("order", one_of(("any", "use")), "any"),
            "objects": reader.take("objects", named_values, ()),
            "call": reader.take("call", identifier),
            "args": reader.take("args", many(value)),
            "kwargs": dict(reader.take("kwargs", named_values, ())),
            "repeat": reader.take("repeat", whole, 1),
            "refill": reader.take("refill", flag, False),
            "observe": reader.take("observe", many(_observation)),
        }

    def checked(self) -> Checked:
        built = [name for name, _ in self.objects]
        for look in self.observe:
            if look.of not in [*built, "result"]:
                raise CaseError(
                    f"observe: no object is called {look.of!r}; built are {', '.join(built)}"
                )
        return [*in_order(self.objects), ([*self.args, *self.kwargs.values()], built)]

    def programs(self, planner: Planner) -> list[list[Step]]:
        """Objects, the calls, perhaps fresh values for everything in the result, then the
        observations.
        """
        sample = next((look.args for look in self.observe if look.args), ())
        steps = planner.objects(self.objects, sample)
        steps += [
            {"op": "call", **self._call(planner), "name": "result"} for _ in range(self.repeat)
        ]
        if self.refill:
            steps.append(
                {"op": "fill", "of": "result", "seed": planner.draw.seed(), "sample": None}
            )
        first = self.objects[0][0] if self.objects else "result"
        for look in self.observe:
            steps.append(self._observation(planner, look, first))
        return [steps]

    def _call(self, planner: Planner) -> Step:
        return {
            "call": self.call,
            "args": planner.items(self.args),
            "kwargs": planner.named(self.kwargs),
        }

    def _observation(self, planner: Planner, look: Observation, first: str) -> Step:
        args = [planner.value(arg) for arg in look.args]
        if look.what == "output":
            return planner.forward(look.of, args, look.mode)
        if look.what in ("moved", "idle"):
            op = "update" if look.what == "moved" else "idle"
            more = {"args": args, "lr": look.lr, "item": look.item, "seed": planner.draw.seed()}
            if op == "idle":
                more["kinds"] = list(look.kinds or ())
            return {"op": op, "of": look.of, **more}
        if look.what == "responds":
            return {
                "op": "responds",
                **self._call(planner),
                "vary": look.of,
                "left": list(look.kinds or ()),
            }
        if look.what == "same_object":
            return {
                "op": "same",
                "first": "result",
                "second": first if look.of == "result" else look.of,
            }
        what = {"result": "value", "arguments": "value"}.get(look.what, look.what)
        kinds = None if look.kinds is None else list(look.kinds)
        one = {} if look.item is None else {"item": look.item}
        return {"op": "show", "of": look.of, "what": what, "kinds": kinds, **one}

    def on_call(self, judge: Judge, step: Step, mine: Any, other: Any) -> Problem | None:
        return None  # kept for the observations that follow

    def on_show(self, judge: Judge, step: Step, mine: Any, other: Any) -> Problem | None:
        if step["what"] == "type":
            return not_a_module(judge, mine)
        if step["what"] == "value" and (found := judge.difference(mine, other)):
            return judge.known_mistake(mine, other) or judge.differs(found)
        return judge.on_any(step, mine, other)


@dataclass(frozen=True)
class TrainingCase(MutationCase):
    """A mutation whose objects include a loader and an optimiser: losses and changed parameters."""

    kind: ClassVar[str] = "training"


def _observation(data: Any, where: str) -> Observation:
    if isinstance(data, str):
        data = {data: "result"}
    reader = Reader(data, where)
    found = [key for key in OBSERVATIONS if key in reader.data]
    if len(found) != 1:
        raise CaseError(
            f"{where}: {data!r:.80} is no observation; write one of {', '.join(OBSERVATIONS)}, then"
            " its object"
        )
    look = Observation(
        what=found[0],
        of=reader.take(found[0], identifier),
        kinds=reader.take("kinds", many(text), None),
        args=reader.take("args", many(tensor), ()),
        mode=reader.take("mode", one_of(("train", "eval")), None),
        lr=reader.take("lr", number, 0.1),
        item=reader.take("item", whole, None),
    )
    reader.end()
    if look.what in ("output", "moved", "idle") and not look.args:
        raise CaseError(
            f"{where}, {look.what}: `args` is missing; give the input of the forward pass"
        )
    return look
