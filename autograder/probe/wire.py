"""Messages between the trusted side and the probe: a tree of plain values as a JSON header plus raw
bytes. No pickle.

Theory of operation. A *tree* is None, bool, int, float, str, bytes, or lists and dicts (str keys)
of them. An *array* is the dict `{"array": dtype, "shape": [...], "data": bytes}`, C order, little
endian. A message is

    b"GAPW1" | header length, 4 bytes big endian | header, UTF-8 JSON | payload

where the header is the tree with every bytes leaf replaced by `{"$bytes": [offset, length]}` into
the payload, and every float that JSON lacks by `{"$float": "nan"}`. Decoding trusts nothing: sizes,
depth, offsets, dtypes and shapes are checked before anything is allocated, and whatever is wrong
raises `WireError`. The module is self-contained (stdlib only), since its source is also run inside
the student's process.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

MAGIC = b"GAPW1"
MAX_BYTES = 64 * 1024 * 1024  # of a whole message
MAX_HEADER = 4 * 1024 * 1024
MAX_DEPTH = 24
MAX_NODES = 100_000
MAX_DIMENSIONS = 8
MAX_INTEGER = 2**63
_HEADER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_OPENS, _ENDS = bytes.maketrans(b"[]{}", b"()()"), bytes(set(range(256)).difference(b"[]{}"))
_DIGITS = bytes(0x30 if byte in b"0123456789" else 0x20 for byte in range(256))
_EXPONENT = re.compile(rb"[eE]\+?\d\d\d")
_LONG = b"0" * 19  # may be no number of 64 bits

ITEM_SIZES = {
    "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8,
    "int8": 1, "uint8": 1, "int16": 2, "int32": 4, "int64": 8, "bool": 1,
    "complex64": 8, "complex128": 16,
}  # fmt: skip

_ARRAY = {"array", "shape", "data"}
_AS_THEY_ARE = {str, bool, type(None)}

try:
    from autograder.errors import WireError
except ImportError:  # in the student's process, where the package is not to be had

    class WireError(Exception):  # type: ignore[no-redef]
        """A message is malformed, too deep or too large."""


def encode(tree: Any, max_bytes: int = MAX_BYTES) -> bytes:
    """The message that carries `tree`. Raises `WireError` when it holds anything else or exceeds a
    limit.
    """
    writer = _Writer(max_bytes)
    header = _HEADER.encode(writer.plain(tree, 0)).encode("utf-8", "surrogatepass")
    if len(header) > MAX_HEADER:
        raise WireError(f"header of {len(header)} bytes; at most {MAX_HEADER} are allowed")
    message = MAGIC + len(header).to_bytes(4, "big") + header + b"".join(writer.blobs)
    if len(message) > max_bytes:
        raise WireError(f"message of {len(message)} bytes; at most {max_bytes} are allowed")
    return message


def decode(message: bytes, max_bytes: int = MAX_BYTES) -> Any:
    """The tree that `message` carries, arrays checked. Raises `WireError` for anything malformed or
    over a limit.
    """
    if len(message) > max_bytes:
        raise WireError(f"message of {len(message)} bytes; at most {max_bytes} are allowed")
    start = len(MAGIC) + 4
    if len(message) < start or message[: len(MAGIC)] != MAGIC:
        raise WireError(f"message does not start with {MAGIC!r}")
    size = int.from_bytes(message[len(MAGIC) : start], "big")
    if size > MAX_HEADER or start + size > len(message):
        raise WireError(f"header length {size} does not fit a message of {len(message)} bytes")
    header = message[start : start + size]
    depth, items = _nesting(header), header.count(b",")
    reader = _Reader(message[start + size :])
    odd = _has_odd_number(header)
    try:
        tree = json.loads(
            header.decode("utf-8", "surrogatepass"),
            object_hook=reader.placed,
            parse_constant=_no_constant,
            parse_int=_whole if odd else None,
            parse_float=_finite if odd else None,
        )
    except (ValueError, RecursionError) as error:
        raise WireError(f"header is not JSON: {error}") from None
    # each item but the first of a list or dict has a comma before it
    if depth > MAX_DEPTH or items + header.count(b"[") + header.count(b"{") >= MAX_NODES:
        _Counter().count(tree, 0)
    return tree


class _Writer:
    """Collects bytes leaves while it turns a tree into JSON."""

    def __init__(self, max_bytes: int) -> None:
        self.blobs: list[bytes] = []
        self._max_bytes, self._offset, self._nodes = max_bytes, 0, 0

    def plain(self, tree: Any, depth: int) -> Any:
        kind = type(tree)  # exact types only: a subclass may lie about itself
        if kind is dict or kind is list:
            self._nodes += len(tree)
            if depth > MAX_DEPTH or self._nodes > MAX_NODES:
                raise WireError(
                    f"tree is deeper than {MAX_DEPTH} or has more than {MAX_NODES} nodes"
                )
            if kind is list:
                return [
                    item if type(item) in _AS_THEY_ARE else self.plain(item, depth + 1)
                    for item in tree
                ]
            for key in tree:
                if type(key) is not str or key[:1] == "$":
                    raise WireError(
                        f"cannot send the dict key {key!r}; keys are strings that do not start"
                        " with '$'"
                    )
            return {
                key: item if type(item) in _AS_THEY_ARE else self.plain(item, depth + 1)
                for key, item in tree.items()
            }
        if kind is int:
            if not -MAX_INTEGER <= tree < MAX_INTEGER:
                raise WireError("integer does not fit in 64 bits")
            return tree
        if kind is float:
            return tree if math.isfinite(tree) else {"$float": repr(tree)}
        if kind is bytes:
            return self._blob(tree)
        if kind in _AS_THEY_ARE:
            return tree
        raise WireError(
            f"cannot send a value of type {kind.__name__}; allowed are plain values, lists, dicts"
            " and bytes"
        )

    def _blob(self, data: bytes) -> dict[str, list[int]]:
        self.blobs.append(data)
        place = [self._offset, len(data)]
        self._offset += len(data)
        if self._offset > self._max_bytes:
            raise WireError(f"arrays of more than {self._max_bytes} bytes")
        return {"$bytes": place}


class _Counter:
    """Counts the nodes of a tree, where there may be too many."""

    _nodes = 0

    def count(self, tree: Any, depth: int) -> None:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError(f"tree is deeper than {MAX_DEPTH} or has more than {MAX_NODES} nodes")
        inner = tree.values() if type(tree) is dict else tree if type(tree) is list else ()
        for item in inner:
            self.count(item, depth + 1)


class _Reader:
    """Puts in place what stands for more in JSON, the innermost first, trusting neither it nor the
    payload.
    """

    def __init__(self, payload: bytes) -> None:
        self._payload, self._taken = payload, 0

    def placed(self, plain: dict[str, Any]) -> Any:
        for key in plain:
            if key[:1] == "$":
                return self._special(plain)
        if "array" in plain:
            check_array(plain)
        return plain

    def _special(self, plain: dict[str, Any]) -> Any:
        if "$bytes" in plain:
            return self._bytes(plain)
        if len(plain) != 1 or plain.get("$float") not in ("nan", "inf", "-inf"):
            raise WireError(f"malformed number, or dict key that starts with '$': {plain!r:.80}")
        return float(plain["$float"])

    def _bytes(self, plain: dict[str, Any]) -> bytes:
        place = plain["$bytes"]
        if (
            len(plain) != 1
            or type(place) is not list
            or [type(item) for item in place] != [int, int]
        ):
            raise WireError(f"malformed bytes {plain!r:.80}")
        offset, length = place
        # Each byte of the payload is handed out once, in order: overlapping leaves would multiply a
        # message's size.
        if offset != self._taken or length < 0 or offset + length > len(self._payload):
            raise WireError(
                f"bytes at {offset}, {length} long, do not lie in a payload of {len(self._payload)}"
                " bytes"
            )
        self._taken = offset + length
        return self._payload[offset : offset + length]


def check_array(tree: Any) -> None:
    """Raise `WireError` unless `tree` is a well-formed array."""
    if type(tree) is not dict or tree.keys() != _ARRAY:
        raise WireError("an array has exactly the keys 'array', 'shape' and 'data'")
    dtype, shape, data = tree["array"], tree["shape"], tree["data"]
    if type(dtype) is not str or dtype not in ITEM_SIZES:
        raise WireError(f"unknown dtype {dtype!r:.40}; known are {', '.join(ITEM_SIZES)}")
    if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
        raise WireError(f"malformed shape {shape!r:.80}")
    if any(type(size) is not int or not 0 <= size < 2**40 for size in shape):
        raise WireError(f"malformed shape {shape!r:.80}")
    if type(data) is not bytes or len(data) != math.prod(shape) * ITEM_SIZES[dtype]:
        raise WireError(f"data does not fill a {dtype} array of shape {shape!r:.80}")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _has_odd_number(header: bytes) -> bool:
    """Whether a number may be none of 64 bits, or none that is finite."""
    return _LONG in header.translate(_DIGITS) or _EXPONENT.search(header) is not None


def _whole(digits: str) -> int:
    value = int(digits)
    if not -MAX_INTEGER <= value < MAX_INTEGER:
        raise WireError("integer does not fit in 64 bits")
    return value


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):  # 1e999 in the JSON
        raise WireError("number is out of range")
    return value


def _nesting(header: bytes) -> int:
    """How deep lists and dicts lie in each other. Refuses deep nesting before the JSON parser
    recurses into it.
    """
    strings_apart = _STRING.split(header) if b"\\" in header else header.split(b'"')[::2]
    brackets = b"".join(strings_apart).translate(_OPENS, _ENDS)
    depth = 0
    while brackets:
        inner = brackets.replace(b"()", b"")
        depth += 1
        if len(inner) == len(brackets) or depth > 2 * MAX_DEPTH:
            raise WireError(f"header is nested deeper than {2 * MAX_DEPTH}, or its brackets differ")
        brackets = inner
    return depth
