"""Is what came out of the student's process what the reference gives? Works on plain data alone and trusts no shape of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder import wire
from autograder.draw import to_numpy

# (rtol, atol) by dtype of the reference: loose enough for another order of summation, far tighter than any mistake.
TOLERANCES = {
    "float16": (1e-2, 1e-3),
    "bfloat16": (5e-2, 1e-2),
    "float32": (2e-4, 2e-5),
    "float64": (1e-8, 1e-10),
}
Tolerance = tuple[float, float] | None


def difference(got: Any, want: Any, tolerance: Tolerance = None, exact_type: bool = True) -> str | None:
    """Where and how the described value `got` differs from `want`, in a few English words; None when it does not.

    Both are what `probe.describe` returns; `got` comes from the student's process and may be anything that `wire` lets through.
    """
    if not isinstance(got, dict) or not isinstance(got.get("t"), str):
        return "malformed reply"
    if got["t"] != want["t"]:
        if not exact_type and {got["t"], want["t"]} <= {"int", "float"}:
            return _numbers_differ(
                np.asarray(float(got["v"])), np.asarray(float(want["v"])), tolerance or TOLERANCES["float64"]
            )
        return f"type {_type(got)} instead of {_type(want)}"
    return _SAME_KIND[want["t"]](got, want, tolerance, exact_type)


def _tensors(got: Any, want: Any, tolerance: Tolerance, exact_type: bool) -> str | None:
    if exact_type and got.get("type") != want["type"]:
        return f"type {got.get('type')!r:.40} instead of {want['type']}"
    return array_difference(got.get("v"), want["v"], tolerance)


def array_difference(got: Any, want: Any, tolerance: Tolerance = None) -> str | None:
    """As `difference`, for two plain arrays, or None for an array that is absent."""
    if got is None or want is None:
        return (
            None
            if got is want
            else ("nothing" if got is None else "something") + " where the reference has the opposite"
        )
    try:
        wire.check_array(got)
    except wire.WireError:
        return "malformed array"
    if got["shape"] != want["shape"]:
        return f"shape {tuple(got['shape'])} instead of {tuple(want['shape'])}"
    if got["array"] != want["array"]:
        return f"dtype {got['array']} instead of {want['array']}"
    found = tolerance or TOLERANCES.get(want["array"], (0.0, 0.0))
    return _numbers_differ(to_numpy(got), to_numpy(want), found)


def _numbers_differ(got: np.ndarray, want: np.ndarray, tolerance: tuple[float, float]) -> str | None:
    rtol, atol = tolerance
    wide = np.complex128 if np.iscomplexobj(want) else np.float64
    got, want = got.astype(wide), want.astype(wide)
    with np.errstate(all="ignore"):
        close = np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return None
    return f"{int((~close).sum())} of {close.size} values differ"


def _plain(got: Any, want: Any, tolerance: Tolerance, exact_type: bool) -> str | None:
    if want["t"] == "float":
        if type(got.get("v")) is not float:
            return "malformed reply"
        loose = tolerance or TOLERANCES["float32"]
        return (
            _numbers_differ(np.asarray(got["v"]), np.asarray(want["v"]), loose)
            and f"{got['v']:.6g} instead of another number"
        )
    same = type(got.get("v")) is type(want["v"]) and got["v"] == want["v"]
    return None if same else f"{got.get('v')!r:.60} instead of another value"


def _sequences(got: Any, want: Any, tolerance: Tolerance, exact_type: bool) -> str | None:
    mine = got.get("v")
    if not isinstance(mine, list) or len(mine) != len(want["v"]):
        return f"{len(mine) if isinstance(mine, list) else 'no'} items instead of {len(want['v'])}"
    for number, (one, other) in enumerate(zip(mine, want["v"], strict=True)):
        if found := difference(one, other, tolerance, exact_type):
            return f"item {number}: {found}"
    return None


def _dicts(got: Any, want: Any, tolerance: Tolerance, exact_type: bool) -> str | None:
    mine = got.get("v")
    if not isinstance(mine, list) or len(mine) != len(want["v"]):
        return "other keys"
    for one, other in zip(mine, want["v"], strict=True):
        if not isinstance(one, list) or len(one) != 2:
            return "malformed reply"
        if found := difference(one[0], other[0]) or difference(one[1], other[1], tolerance, exact_type):
            return found
    return None


def _other(got: Any, want: Any, tolerance: Tolerance, exact_type: bool) -> str | None:
    return None if got.get("type") == want["type"] else f"type {_type(got)} instead of {_type(want)}"


_SAME_KIND = {
    "tensor": _tensors,
    "list": _sequences,
    "tuple": _sequences,
    "dict": _dicts,
    "other": _other,
    **dict.fromkeys(("none", "bool", "int", "float", "str"), _plain),
}


def _type(described: Any) -> str:
    if described["t"] == "tensor":
        return "torch.Tensor"
    return str(described.get("type", "None" if described["t"] == "none" else described["t"]))[:80]


def tree_difference(got: Any, want: Any, tolerance: Tolerance = None) -> str | None:
    """Compare two trees of results whose leaves are plain values, plain arrays or described values."""
    if isinstance(want, dict) and "t" in want:
        return difference(got, want, tolerance)
    if isinstance(want, dict) and "array" in want:
        return array_difference(got, want, tolerance)
    if isinstance(want, dict):
        return _dict_difference(got, want, tolerance)
    if isinstance(want, list):
        if not isinstance(got, list) or len(got) != len(want):
            return f"{len(got) if isinstance(got, list) else 'no'} entries instead of {len(want)}"
        for number, (one, other) in enumerate(zip(got, want, strict=True)):
            if found := tree_difference(one, other, tolerance):
                return f"entry {number}: {found}"
        return None
    return None if type(got) is type(want) and got == want else f"{got!r:.60} instead of {want!r:.60}"


def _dict_difference(got: Any, want: dict[str, Any], tolerance: Tolerance) -> str | None:
    if not isinstance(got, dict):
        return f"{got!r:.60} instead of a table"
    if missing := [key for key in want if key not in got]:
        return f"no {missing[0]}"
    if more := [key for key in got if key not in want]:
        return f"{more[0]!r:.80} is too much"
    for key in want:
        if found := tree_difference(got[key], want[key], tolerance):
            return f"{key}: {found}"
    return None
