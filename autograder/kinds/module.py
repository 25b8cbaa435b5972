"""Cases about a module: constructed, filled with fresh values in canonical order, run; layers may
have any name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from autograder import hints
from autograder.cases import Case, Checked, Construct, Judge, Planner, Step, Tensor, in_order
from autograder.read_cases import (
    Reader,
    construct,
    flag,
    many,
    named_values,
    one_of,
    tensor,
    text,
    tolerant,
)  # fmt: skip
from autograder.verdict import Problem


@dataclass(frozen=True)
class Pass:
    """One forward pass of a module case."""

    args: tuple[Tensor, ...]
    mode: str | None = "eval"
    gradients: bool = False


@dataclass(frozen=True)
class ModuleCase(Case):
    """A module is constructed, filled with fresh values in canonical order, run; layers may have
    any name.

    `neutral`: parameters that do no harm (`Conv2d.bias`) are set to 0 and left out of every
    comparison. `stand_in`: a second chance with simple classes in the place of the student's own.
    `values` off: of outputs shape and dtype alone.
    """

    kind: ClassVar[str] = "module"
    construct: Construct
    neutral: tuple[str, ...]
    stand_in: Mapping[str, str]
    values: bool
    objects: tuple[tuple[str, Any], ...]
    passes: tuple[Pass, ...]
    buffers: bool
    roundtrip: bool
    layers: tuple[str, ...]
    fill: bool
    trainable: bool

    @property
    def subject(self) -> str:
        return self.construct.call

    @property
    def fills(self) -> bool:
        return True

    @classmethod
    def read(cls, reader: Reader) -> dict[str, Any]:
        return {
            "construct": reader.take("construct", construct),
            **tolerant(reader),
            "values": reader.take("values", flag, True),
            "objects": reader.take("objects", named_values, ()),
            "passes": reader.take("passes", many(_pass), ()),
            "buffers": reader.take("buffers", flag, True),
            "roundtrip": reader.take("roundtrip", flag, False),
            "layers": reader.take("layers", many(text), ()),
            "fill": reader.take("fill", flag, True),
            "trainable": reader.take("trainable", flag, True),
        }

    def checked(self) -> Checked:
        built = [name for name, _ in self.objects]
        return [*in_order(self.objects), ([self.construct], built)]

    def programs(self, planner: Planner) -> list[list[Step]]:
        """Construct, compare shapes, fill, run the passes, show buffers, round trip."""
        steps = planner.objects(self.objects)
        made = planner.value(self.construct)
        steps += [
            {"op": "make", "name": "module", "value": made},
            {"op": "show", "of": "module", "what": "type"},
        ]
        if self.layers:
            steps.append(
                {"op": "show", "of": "module", "what": "layers", "kinds": list(self.layers)}
            )
        if self.fill and self.values:
            steps.append({"op": "show", "of": "module", "what": "shapes"})
        if self.fill:
            sample = [planner.value(arg) for arg in self.passes[0].args] if self.passes else None
            steps.append(
                {"op": "fill", "of": "module", "seed": planner.draw.seed(), "sample": sample}
            )
        if self.trainable:
            steps.append({"op": "show", "of": "module", "what": "flags"})
        for run in self.passes:
            args = [planner.value(arg) for arg in run.args]
            more = {
                "args": args,
                "mode": run.mode,
                "gradients": run.gradients,
                "seed": planner.draw.seed(),
            }
            steps.append({"op": "forward", "of": "module", **more})
        if self.passes and not self.values:
            steps.append(
                {
                    "op": "varies",
                    "of": "module",
                    "args": steps[-1]["args"],
                    "seed": planner.draw.seed(),
                }
            )
        if self.buffers:
            steps.append({"op": "show", "of": "module", "what": "buffers"})
        if self.roundtrip and self.passes:
            steps.append({"op": "roundtrip", "of": "module", "value": made, "name": "copy"})
            args = [planner.value(arg) for arg in self.passes[-1].args]
            steps += [planner.forward(name, args, "eval") for name in ("module", "copy")]
        return [steps]

    def on_show(self, judge: Judge, step: Step, mine: Any, other: Any) -> Problem | None:
        if step["what"] == "type":  # any class will do, as long as it is a Module
            return not_a_module(judge, mine)
        return judge.on_any(step, mine, other)

    def on_forward(self, judge: Judge, step: Step, mine: Any, other: Any) -> Problem | None:
        if self.values:
            return judge.forward(step, mine, other)
        mine = mine if isinstance(mine, dict) else {}
        found = judge.difference(_outline(mine.get("output")), _outline(other["output"]))
        return (
            judge.problem(hints.differs(judge.name, found, "output"), f"output: {found.en}")
            if found
            else None
        )


def _pass(data: Any, where: str) -> Pass:
    reader = Reader(data, where)
    mode = reader.take("mode", one_of(("train", "eval", "keep")), "eval")
    done = Pass(
        args=reader.take("args", many(tensor)),
        mode=None if mode == "keep" else mode,
        gradients=reader.take("gradients", flag, False),
    )
    reader.end()
    return done


def _outline(described: Any) -> Any:
    """A described value with all numbers of its tensors 0: type, shape and dtype are left."""
    if not isinstance(described, dict):
        return described
    inside = described.get("v")
    if isinstance(inside, list):
        return {**described, "v": [_outline(item) for item in inside]}
    if (
        described.get("t") == "tensor"
        and isinstance(inside, dict)
        and isinstance(inside.get("data"), bytes)
    ):
        return {**described, "v": {**inside, "data": bytes(len(inside["data"]))}}
    return described


def not_a_module(judge: Judge, ancestors: Any) -> Problem | None:
    """Where an object, by the names of its classes, is no `nn.Module`."""
    names = judge.names(ancestors)
    if "torch.nn.modules.module.Module" in names:
        return None
    return judge.differs(
        hints.NOTHING_RETURNED if "builtins.NoneType" in names else hints.NO_MODULE
    )
