"""Evaluates placeholders in a running kernel without leaving a trace; for the build and for the
nbval plugin.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from typing import Any

# Runs in the kernel, which knows nothing of this project, in a namespace of its own.
_SHOW = """
import json, math

def show(value, spec, names):
    try:
        number = float(value)
    except (TypeError, ValueError, RuntimeError):
        number = None
    if number is not None and not math.isfinite(number):
        raise ValueError(f"the value is {number}, not a finite number")
    text = format(value, spec) if spec else str(value)
    real = bool(names.get("DATA_IS_REAL", True))
    return json.dumps({"text": text, "number": number, "real": real})
"""


@dataclass(frozen=True)
class Value:
    """What a placeholder gave: its text, its number (None when it is none), and whether the data at
    hand were real.
    """

    text: str
    number: float | None
    real: bool = True


class EvaluationError(Exception):
    """The expression raised, or its format does not fit."""


def probe(expr: str, spec: str) -> str:
    """An expression for the kernel's `user_expressions`. `expr` stands outside the lambda, whose
    names are not its.
    """
    return (
        f"(lambda own, value: (exec({_SHOW!r}, own), own['show'](value, {spec!r},"
        f" globals()))[1])({{}}, ({expr}))"
    )


def parse(answer: dict[str, Any]) -> Value:
    """A `Value` from the kernel's answer to `probe`. Raises `EvaluationError`."""
    if answer.get("status") != "ok":
        raise EvaluationError(f"{answer.get('ename', 'no answer')}: {answer.get('evalue', '')}")
    data = json.loads(ast.literal_eval(answer["data"]["text/plain"]))
    return Value(data["text"], data["number"], data["real"])


def disagreement(stored: dict[str, Any], fresh: Value) -> str:
    """How a recorded placeholder and a fresh value differ; empty when they agree within the
    declared tolerance.
    """
    tolerance = stored["tolerance"]
    if tolerance.endswith("real") and not fresh.real:
        return ""
    bound = tolerance.removesuffix("real").strip().lstrip("±")
    if bound == "any":
        return (
            ""
            if fresh.number is not None
            else f"{stored['expr']} is {fresh.text}, not a finite number"
        )
    if bound:
        recorded = stored["value"]
        if (
            fresh.number is not None
            and recorded is not None
            and abs(fresh.number - recorded) <= float(bound)
        ):
            return ""
        return f"{stored['expr']} is {fresh.number}, the prose says {recorded} (±{bound})"
    return (
        ""
        if fresh.text == stored["text"]
        else f"{stored['expr']} is {fresh.text}, the prose says {stored['text']}"
    )
