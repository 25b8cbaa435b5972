"""The way in: carries out a request on the student's functions and classes."""

from __future__ import annotations

from typing import Any

from . import operators
from .bench import Bench
from .describe import describe_error
from .messages import Replies, Reply, Request, Together
from .state import clean_state, stand_ins
from .steps import STEPS

VERSION = 1


def answer(request: Request | Together, namespace: dict[str, Any]) -> Reply | Replies:
    """Carry out what is asked on the functions and classes of `namespace`. Raises nothing that is
    an `Exception`.
    """
    if "several" in request:
        with operators.refused(request["refuse"]) as refused:
            return {"replies": [_watched(each, namespace, refused) for each in request["several"]]}
    return run(request, namespace)


def _watched(request: Request, namespace: dict[str, Any], refused: list[str]) -> Reply:
    # holds for every request
    refused[:] = [name for name in refused if name == operators.UNWATCHED]
    reply = run(request, namespace)
    if refused:
        reply["refused"] = refused[:20]
    return reply


def run(request: Request, namespace: dict[str, Any]) -> Reply:
    """Carry out one request. Raises nothing that is an `Exception`."""
    bench = Bench(request, namespace)
    reply: Reply = {"version": VERSION, "results": bench.results}
    with clean_state(request["seed"]), stand_ins(namespace, request.get("stand_in", {})):
        for index, step in enumerate(request["steps"]):
            try:
                bench.results.append(
                    STEPS[str(step["op"])](bench, **{k: v for k, v in step.items() if k != "op"})
                )
            except (Exception, SystemExit, GeneratorExit) as error:
                reply["error"] = describe_error(error, index)
                break
    return reply
