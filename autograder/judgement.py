"""Compares one reply of the student's code with the reference's, and words what is wrong with it.
Nothing of a reply is believed: it is plain data of unknown shape.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

from autograder import compare, draw, hints
from autograder.cases import Case, Hint
from autograder.probe import describe
from autograder.probe.bench import Bench
from autograder.probe.messages import Reply, Request
from autograder.probe.steps import NOTHING_MOVES
from autograder.verdict import Problem


class Judgement:
    """Compares one reply with the reference's, step by step."""

    def __init__(self, case: Case, request: Request, reference: dict[str, Any]) -> None:
        self.case, self.request, self.reference = case, request, reference
        self.name = case.subject

    def of(self, got: Any, want: Reply) -> Problem | None:
        steps, results = (
            self.request["steps"],
            got.get("results") if isinstance(got, dict) else None,
        )
        if not isinstance(results, list) or len(results) > len(steps):
            return Problem(hints.fault("malformed", self.name), "malformed reply", "malformed")
        if refused := _names(got.get("refused")):
            return Problem(
                hints.refused(self.name, refused[0][:60]),
                f"calls torch's {refused[0][:60]}",
                route=True,
            )
        for step, mine, other in zip(steps, results, want["results"], strict=False):
            if problem := self.step(step, mine, other):
                return problem
        if "error" in got or "error" in want:
            return self.on_error(got, want)
        if len(results) != len(steps):
            return Problem(
                hints.fault("malformed", self.name),
                "malformed reply: steps are missing",
                "malformed",
            )
        return None

    def on_error(self, got: dict[str, Any], want: Reply) -> Problem | None:
        """The student's code raised, or should have."""
        error = got.get("error")
        if not isinstance(error, dict):
            wanted = self.case.wanted_error or "an error"
            return self.problem(hints.no_exception(self.name, str(wanted)), f"no {wanted} raised")
        kind, message = str(error.get("type"))[:60], str(error.get("message"))[:400]
        ancestors = _names(error.get("mro"))
        if "error" in want and self.case.wanted_error in ancestors:
            return None
        if "NotImplementedError" in ancestors and not hints.is_no_gpu(message):
            return Problem(hints.unwritten(self.name), "not written yet", unwritten=True)
        undefined = _undefined(kind, message)
        if undefined == self.name:
            return Problem(hints.missing(self.name), "not defined", missing=True)
        if kind == "TypeError" and message == "expected an nn.Module, got NoneType":
            return self.differs(hints.NOTHING_RETURNED)
        made = [step["value"] for step in self.request["steps"] if step["op"] == "make"]
        line = f" in `{str(error['line'])[:120]}`" if error.get("line") else ""
        crash = hints.crash(self.name, kind, message, hints.shapes(made))
        return replace(self.problem(crash, f"{kind}: {message[:160]}{line}"), undefined=undefined)

    def step(self, step: dict[str, Any], mine: Any, other: Any) -> Problem | None:
        """One step's reply, as its kind of case looks at it, or as every kind does."""
        if look := getattr(self.case, "on_" + step["op"], None):
            found: Problem | None = look(self, step, mine, other)
            return found
        if step["op"] == "forward":
            return self.forward(step, mine, other)
        if step["op"] == "fill":
            # the keys of parameters were compared already; buffers may be named otherwise
            return None
        return self.on_any(step, mine, other)

    def forward(self, step: dict[str, Any], mine: Any, other: dict[str, Any]) -> Problem | None:
        """A forward pass: its output, its input left alone, its gradients."""
        mine = mine if isinstance(mine, dict) else {}
        if found := self.difference(mine.get("output"), other["output"]):
            known = self.known_mistake(mine.get("output"), other["output"])
            return known or self.problem(
                hints.differs(self.name, found, "output"), f"output: {found.en}"
            )
        if not mine.get("kept", True):
            return self.problem(hints.changed("x"), "input changed")
        if step["gradients"] and mine.get("inputs") is None and other["inputs"] is not None:
            return self.problem(hints.cut("x"), "the output is not differentiable")
        if problem := self.gradients(mine, other):
            return problem
        rest, wanted = (
            {key: value for key, value in each.items() if key != "names"} for each in (mine, other)
        )
        return self.on_any(step, rest, wanted)

    def gradients(self, mine: dict[str, Any], other: dict[str, Any]) -> Problem | None:
        """Of a forward pass: those of its inputs and parameters, each called as the student calls
        it, where that can be read.
        """
        inputs = zip(_items(mine.get("inputs")), _items(other.get("inputs")), strict=False)
        looks: list[tuple[str | Hint, Any, Any]] = [("x", one, wanted) for one, wanted in inputs]
        grads, names = (
            value if isinstance(value, dict) else {}
            for value in (mine.get("parameters"), mine.get("names"))
        )
        for key, wanted in (other.get("parameters") or {}).items():
            if key in grads:
                name = names.get(key)
                readable = isinstance(name, str) and _NAME.fullmatch(name) is not None
                looks.append((str(name) if readable else hints.part(key), grads[key], wanted))
        for said, one, wanted in looks:
            text = said if isinstance(said, str) else said.en
            if one is None and wanted is not None:
                return self.problem(hints.cut(said), f"no gradient for {text}")
            if found := self.array_difference(one, wanted):
                return self.problem(
                    hints.gradient_differs(said, found), f"gradient of {text}: {found.en}"
                )
        return None

    def on_any(self, step: dict[str, Any], mine: Any, other: Any) -> Problem | None:
        found = compare.tree_difference(mine, other, self.case.tolerance)
        if found is None:
            return None
        what = str(step.get("what", _STEP_NAMES.get(step["op"], step["op"])))
        idle = mine is False and step.get("what", step["op"]) in _SIGNS_OF_LIFE
        if idle and what == "uneven":
            return self.problem(hints.same_mode(self.name), "all modules are in one mode")
        if idle or NOTHING_MOVES in _names(mine):
            return self.problem(hints.nothing_done(self.name), "does nothing")
        if step["op"] == "same" and mine is False:
            return self.problem(hints.told(self.name, hints.OTHER_OBJECT), f"{what}: another")
        if what == "modes" and (key := _other_mode(mine, other)):
            return self.problem(hints.mode(self.name, key, mine[key]), f"modes: {key}")
        return self.problem(hints.differs(self.name, found, what), f"{what}: {found.en}")

    def differs(self, found: Hint) -> Problem:
        return self.problem(hints.differs(self.name, found), found.en)

    def difference(self, mine: Any, other: Any) -> Hint | None:
        if isinstance(mine, dict) and mine.get("t") == "none" and other["t"] != "none":
            return hints.NOTHING_RETURNED
        return compare.difference(
            mine, other, self.case.tolerance, getattr(self.case, "exact_type", True)
        )

    def within(self, mine: Any, other: Any, tolerance: tuple[float, float]) -> Hint | None:
        """As `difference`, within another tolerance."""
        return compare.difference(mine, other, tolerance)

    def array_difference(self, mine: Any, other: Any) -> Hint | None:
        """Of two plain arrays."""
        return compare.array_difference(mine, other, self.case.tolerance)

    def altered(self, described: Any, scale: float, shift: float) -> Any:
        """A described tensor or number, or each of several, times `scale` plus `shift`."""
        return _altered(described, scale, shift)

    def names(self, value: Any) -> list[str]:
        """The texts in a list that came back."""
        return _names(value)

    def known_mistake(self, mine: Any, other: dict[str, Any]) -> Problem | None:
        """The hint of a wrong answer that the author foresaw, recognised by its value."""
        for mistake in self.case.mistakes:
            bench = Bench(self.request, self.reference)
            for step in self.request["steps"]:
                if step["op"] == "make":
                    bench.make(str(step["name"]), step["value"])
            try:
                wrong = eval(
                    mistake.equals,
                    {**self.reference, **bench.objects, "result": describe.rebuild(other)},
                )
            except Exception:  # the foreseen mistake may be impossible on this input
                continue
            if self.difference(mine, describe.describe(wrong)) is None:
                return Problem(mistake.hint, f"equals {mistake.equals}")
        return None

    def problem(self, diagnosis: Hint, reason: str) -> Problem:
        return Problem(hints.both(diagnosis, self.case.hint), reason)


_NAME = re.compile(r"[A-Za-z_][\w.]{0,59}", re.ASCII)  # of a parameter, `blocks.0.weight`
_SIGNS_OF_LIFE = ("varies", "responds", "touched", "frozen", "uneven", "owns")
_STEP_NAMES = {
    "forward": "output",
    "update": "moved",
    "same": "same object",
    "roundtrip": "state_dict",
    "fill": "parameters",
}


def _undefined(kind: str, message: str) -> str:
    """The name that a `NameError` is about; empty for other errors."""
    found = re.match(r"name '(\w+)' is not defined", message) if kind == "NameError" else None
    return found[1] if found else ""


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _other_mode(mine: Any, other: dict[str, bool]) -> str:
    """The key of the first module that is in another mode; empty where there is none."""
    mine = mine if isinstance(mine, dict) else {}
    return next((key for key, mode in other.items() if mine.get(key) is (not mode)), "")


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


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
