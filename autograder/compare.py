"""Is what came out of the student's process what the reference gives? Works on plain data and
trusts no shape of it.

A difference is a `Hint`: one sentence in each language that says how the student's side differs,
never what the right value is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder import hints
from autograder.cases import Hint
from autograder.draw import to_numpy
from autograder.errors import WireError
from autograder.probe import wire

# (rtol, atol) by dtype of the reference: loose enough for another order of summation, far tighter
# than any mistake.
TOLERANCES = {
    "float16": (1e-2, 1e-3),
    "bfloat16": (5e-2, 1e-2),
    "float32": (2e-4, 2e-5),
    "float64": (1e-8, 1e-10),
}
Tolerance = tuple[float, float] | None

MALFORMED = Hint("결과를 읽을 수 없습니다.", "The result cannot be read.")
NOTHING = Hint(
    "`None`이 나왔습니다. `return`이 빠지지 않았는지 보세요.",
    "It is `None`. Is a `return` missing?",
)
OTHER_VALUE = Hint("값이 다릅니다.", "The value differs.")


def difference(
    got: Any, want: Any, tolerance: Tolerance = None, exact_type: bool = True
) -> Hint | None:
    """How the described value `got` differs from `want`; None when it does not.

    Both are what `probe.describe` returns. `got` comes from the student's process: it may be
    anything that `wire` lets through.
    """
    if not isinstance(got, dict) or not isinstance(got.get("t"), str):
        return MALFORMED
    if not exact_type and {got["t"], want["t"]} == {"int", "float"}:
        return _number(got.get("v"), want["v"], tolerance)
    if got["t"] == "none" and want["t"] != "none":
        return NOTHING
    if got["t"] != want["t"]:
        return _instead("타입이", "type", _type(got), _type(want))
    return _SAME_KIND[want["t"]](got, want, tolerance, exact_type)


def array_difference(got: Any, want: Any, tolerance: Tolerance = None) -> Hint | None:
    """As `difference`, for two plain arrays, or None for an array that is absent."""
    if got is None and want is None:
        return None
    if got is None:
        return Hint("값이 없습니다.", "There is nothing.")
    if want is None:
        return Hint("없어야 할 값이 있습니다.", "There should be nothing.")
    try:
        wire.check_array(got)
    except WireError:
        return MALFORMED
    if got["shape"] != want["shape"]:
        return _instead("모양이", "shape", str(tuple(got["shape"])), str(tuple(want["shape"])))
    if got["array"] != want["array"]:
        return _instead("dtype이", "dtype", got["array"], want["array"])
    wrong, size = _wrong(
        to_numpy(got), to_numpy(want), tolerance or TOLERANCES.get(want["array"], (0.0, 0.0))
    )
    return (
        Hint(f"값 {size}개 가운데 {wrong}개가 다릅니다.", f"{wrong} of {size} values differ.")
        if wrong
        else None
    )


def tree_difference(got: Any, want: Any, tolerance: Tolerance = None) -> Hint | None:
    """Compare two trees of results whose leaves are plain values, plain arrays or described
    values.
    """
    if isinstance(want, dict) and "t" in want:
        return difference(got, want, tolerance)
    if isinstance(want, dict) and "array" in want:
        return array_difference(got, want, tolerance)
    if isinstance(want, dict):
        return _dict_difference(got, want, tolerance)
    if isinstance(want, list):
        return _list_difference(got, want, tolerance)
    return None if type(got) is type(want) and got == want else OTHER_VALUE


def _list_difference(got: Any, want: list[Any], tolerance: Tolerance) -> Hint | None:
    if not isinstance(got, list):
        return MALFORMED
    if all(isinstance(item, str) for item in want) and all(isinstance(item, str) for item in got):
        return _names_difference(got, want)
    if len(got) != len(want):
        return _instead("개수가", "count", str(len(got)), str(len(want)))
    for number, (one, other) in enumerate(zip(got, want, strict=True)):
        if found := tree_difference(one, other, tolerance):
            return _within(f"[{number}]", found)
    return None


def _names_difference(got: list[str], want: list[str]) -> Hint | None:
    """Two lists of names, such as the shapes of all parameters: which are lacking, which too
    many?
    """
    lacking, surplus = list(want), []
    for name in got:
        if name in lacking:
            lacking.remove(name)
        else:
            surplus.append(name)
    if not lacking and not surplus:
        return None
    less, more = _listed(lacking), _listed(surplus)
    return Hint(
        f"빠진 것: {less.ko}. 남는 것: {more.ko}.", f"Missing: {less.en}. Too many: {more.en}."
    )


def _dict_difference(got: Any, want: dict[str, Any], tolerance: Tolerance) -> Hint | None:
    if not isinstance(got, dict):
        return MALFORMED
    if found := _names_difference([key for key in got if isinstance(key, str)], list(want)):
        return found
    for key in want:
        if found := tree_difference(got[key], want[key], tolerance):
            said = hints.part(key)
            return Hint(f"{said.ko}: {found.ko}", f"{said.en}: {found.en}")
    return None


def _tensors(got: Any, want: Any, tolerance: Tolerance, exact_type: bool) -> Hint | None:
    if exact_type and got.get("type") != want["type"]:
        return _instead("타입이", "type", str(got.get("type"))[:60], want["type"])
    return array_difference(got.get("v"), want["v"], tolerance)


def _plain(got: Any, want: Any, tolerance: Tolerance, exact_type: bool) -> Hint | None:
    if want["t"] == "float":
        return _number(got.get("v"), want["v"], tolerance)
    same = type(got.get("v")) is type(want["v"]) and got["v"] == want["v"]
    return None if same else _value(got.get("v"))


def _number(got: Any, want: float, tolerance: Tolerance) -> Hint | None:
    if type(got) not in (int, float):
        return MALFORMED
    wrong, _ = _wrong(
        np.asarray(float(got)), np.asarray(float(want)), tolerance or TOLERANCES["float32"]
    )
    return _value(got) if wrong else None


def _sequences(got: Any, want: Any, tolerance: Tolerance, exact_type: bool) -> Hint | None:
    mine = got.get("v")
    if not isinstance(mine, list):
        return MALFORMED
    if len(mine) != len(want["v"]):
        return _instead("항목 수가", "number of items", str(len(mine)), str(len(want["v"])))
    for number, (one, other) in enumerate(zip(mine, want["v"], strict=True)):
        if found := difference(one, other, tolerance, exact_type):
            return _within(f"[{number}]", found)
    return None


def _dicts(got: Any, want: Any, tolerance: Tolerance, exact_type: bool) -> Hint | None:
    """Described dicts: the same keys in any order."""
    mine = got.get("v")
    if not isinstance(mine, list) or any(
        not isinstance(pair, list) or len(pair) != 2 for pair in mine
    ):
        return MALFORMED
    if len(mine) != len(want["v"]):
        return _instead("항목 수가", "number of items", str(len(mine)), str(len(want["v"])))
    for key, value in want["v"]:
        found = [pair[1] for pair in mine if difference(pair[0], key) is None]
        if not found:
            return Hint(
                f"키 {key.get('v')!r:.40}가 없습니다.", f"The key {key.get('v')!r:.40} is missing."
            )
        if wrong := difference(found[0], value, tolerance, exact_type):
            return _within(f"{key.get('v')!r:.40}:", wrong)
    return None


def _other(got: Any, want: Any, tolerance: Tolerance, exact_type: bool) -> Hint | None:
    return (
        None
        if got.get("type") == want["type"]
        else _instead("타입이", "type", _type(got), _type(want))
    )


_SAME_KIND = {
    "tensor": _tensors,
    "list": _sequences,
    "tuple": _sequences,
    "dict": _dicts,
    "other": _other,
    **dict.fromkeys(("none", "bool", "int", "float", "str"), _plain),
}


def _wrong(got: np.ndarray, want: np.ndarray, tolerance: tuple[float, float]) -> tuple[int, int]:
    """How many of how many numbers differ; NaN equals NaN."""
    if np.array_equal(got, want):  # as most are, at a tenth of the cost
        return 0, int(got.size)
    wide = np.complex128 if np.iscomplexobj(want) else np.float64
    with np.errstate(all="ignore"):
        close = np.isclose(got.astype(wide), want.astype(wide), *tolerance, equal_nan=True)
    return int((~close).sum()), int(close.size)


def _type(described: Any) -> str:
    if described["t"] == "tensor":
        return "torch.Tensor"
    return str(described.get("type", "None" if described["t"] == "none" else described["t"]))[:80]


def _instead(ko: str, en: str, got: str, want: str) -> Hint:
    return Hint(f"{ko} {want} 대신 {got}입니다.", f"The {en} is {got} instead of {want}.")


def _value(got: Any) -> Hint:
    return Hint(f"{got!r:.40}은(는) 맞는 값이 아닙니다.", f"{got!r:.40} is not the right value.")


def _within(place: str, found: Hint) -> Hint:
    return Hint(f"{place} {found.ko}", f"{place} {found.en}")


def _listed(names: list[str]) -> Hint:
    more = f", … ({len(names)})" if len(names) > 3 else ""
    said = [hints.part(name[:60]) for name in names[:3]]
    return Hint(
        (", ".join(one.ko for one in said) + more) or "-",
        (", ".join(one.en for one in said) + more) or "-",
    )
