"""What a value or an error is, as plain data: exact types only, so that a lying subclass shows up
as what it is.
"""

from __future__ import annotations

import contextlib
import inspect
import sys
from typing import Any

import torch
from torch import nn

from .messages import Fault
from .tensors import DTYPES, array_of, requires_grad, tensor_of

MAX_ITEMS, MAX_NESTING, MAX_TEXT = 2000, 6, 400


def describe(value: Any, depth: int = 0) -> dict[str, Any]:
    """What a value is, as plain data: exact types only, so that a lying subclass shows up as what
    it is.
    """
    kind = type(value)
    if value is None or kind is bool or kind is float:
        return {"t": "none" if value is None else kind.__name__, "v": value}
    if kind is int and abs(value) < 2**62:
        return {"t": "int", "v": value}
    if kind.__module__ == "numpy" and (number := _numpy_number(value)) is not None:
        return describe(number)
    if kind is str:
        return {"t": "str", "v": value[:MAX_TEXT]}
    if (kind is torch.Tensor or kind is nn.Parameter) and _is_dense(value):
        return {
            "t": "tensor",
            "type": kind.__name__,
            "v": array_of(value),
            "grad": requires_grad(value),
        }
    if _is_named_tuple(kind):
        return describe(tuple.__getitem__(value, slice(None)), depth)
    if (kind is list or kind is tuple) and depth < MAX_NESTING and len(value) <= MAX_ITEMS:
        return {"t": kind.__name__, "v": [describe(item, depth + 1) for item in value]}
    if kind is dict and depth < MAX_NESTING and len(value) <= MAX_ITEMS:
        return {
            "t": "dict",
            "v": [[describe(k, depth + 1), describe(v, depth + 1)] for k, v in value.items()],
        }
    return {"t": "other", "type": f"{kind.__module__}.{kind.__qualname__}"[:MAX_TEXT]}


def _is_dense(tensor: torch.Tensor) -> bool:
    return (
        tensor.layout is torch.strided
        and tensor.dtype in DTYPES.values()
        and tensor.device.type != "meta"
    )


def _numpy_number(value: Any) -> float | int | None:
    """NumPy's own whole and real numbers count as Python's."""
    numpy = sys.modules.get("numpy")
    if numpy is None or type(value) not in (numpy.float64, numpy.float32, numpy.int64, numpy.int32):
        return None
    return float(value) if isinstance(value, numpy.floating) else int(value)


def _is_named_tuple(kind: type) -> bool:
    """A class as `collections.namedtuple` and `typing.NamedTuple` make it; its items are read as a
    tuple's.
    """
    return kind.__bases__ == (tuple,) and isinstance(getattr(kind, "_fields", None), tuple)


def rebuild(described: dict[str, Any]) -> Any:
    """The value that `describe` described; None for what it could only name."""
    if described["t"] == "tensor":
        return tensor_of(described["v"])
    if described["t"] in ("list", "tuple"):
        items = [rebuild(item) for item in described["v"]]
        return items if described["t"] == "list" else tuple(items)
    return described.get("v")


def describe_error(error: BaseException, step: int) -> Fault:
    """Type, ancestors, message and the student's line; a hostile exception class cannot break
    it.
    """
    try:
        message = str(error)[:MAX_TEXT]
    except Exception:
        message = "(the exception's text cannot be read)"
    names = [cls.__name__ for cls in type(error).__mro__][:20]
    return {
        "step": step,
        "type": type(error).__name__,
        "mro": names,
        "message": message,
        "line": _student_line(error),
    }


def _student_line(error: BaseException) -> str:
    """The last line of the traceback that lies in a notebook cell, as text; empty when it cannot be
    had.
    """
    found = ""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "ipykernel" in name or name.startswith("<"):
            with contextlib.suppress(Exception):
                lines, start = inspect.getsourcelines(trace.tb_frame.f_code)
                found = lines[max(0, trace.tb_lineno - max(start, 1))].strip()[:MAX_TEXT]
        trace = trace.tb_next
    return found
