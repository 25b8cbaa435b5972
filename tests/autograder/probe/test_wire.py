import contextlib
import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import WireError
from autograder.probe import wire

keys = st.text(max_size=8).filter(lambda key: not key.startswith("$") and key != "array")
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.binary(max_size=40)
)
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(trees)
@settings(deadline=None)
def test_what_is_sent_arrives(tree):
    assert wire.decode(wire.encode(tree)) == tree


def test_nan_arrives_as_nan():
    assert math.isnan(wire.decode(wire.encode([float("nan")]))[0])


def test_array_arrives_with_dtype_shape_and_bytes():
    array = {"array": "float32", "shape": [2, 3], "data": bytes(range(24))}
    assert wire.decode(wire.encode({"x": array})) == {"x": array}


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_arbitrary_bytes_raise_nothing_but_wire_errors(message):
    with pytest.raises(WireError):
        wire.decode(message)


@given(st.text(max_size=200), st.binary(max_size=20))
@settings(deadline=None)
def test_arbitrary_headers_give_plain_trees_or_wire_errors(header, payload):
    _decode_or_wire_error(_message(header.encode("utf-8", "surrogatepass"), payload))


@given(trees, st.integers(0, 400), st.integers(0, 255))
@settings(deadline=None)
def test_a_flipped_byte_gives_a_plain_tree_or_a_wire_error(tree, position, value):
    message = bytearray(wire.encode(tree))
    message[position % len(message)] = value
    _decode_or_wire_error(bytes(message))


BAD_ARRAYS = {
    "unknown dtype": {"array": "object", "shape": [1], "data": b"12345678"},
    "dtype of another type": {"array": ["float32"], "shape": [1], "data": b"1234"},
    "negative size": {"array": "uint8", "shape": [-1, -4], "data": b"1234"},
    "size that is a bool": {"array": "uint8", "shape": [True], "data": b"1"},
    "too few bytes": {"array": "float32", "shape": [2], "data": b"1234"},
    "huge shape": {"array": "uint8", "shape": [2**39, 2**39], "data": b""},
    "too many axes": {"array": "uint8", "shape": [1] * 9, "data": b"1"},
    "text for bytes": {"array": "uint8", "shape": [1], "data": "1"},
    "another key": {"array": "uint8", "shape": [1], "data": b"1", "more": 1},
    "missing key": {"array": "uint8", "data": b"1"},
}


@pytest.mark.parametrize("array", BAD_ARRAYS.values(), ids=BAD_ARRAYS)
def test_malformed_array_is_refused(array):
    with pytest.raises(WireError):
        wire.decode(wire.encode(array))


HEADERS = {
    "two leaves share bytes": '[{"$bytes":[0,4]},{"$bytes":[0,4]}]',
    "offset beyond the payload": '{"$bytes":[0,5]}',
    "negative length": '{"$bytes":[0,-1]}',
    "offset that is a bool": '{"$bytes":[false,1]}',
    "bytes beside another key": '{"$bytes":[0,1],"a":1}',
    "unknown special key": '{"$ref":"/etc/passwd"}',
    "special float that is none": '{"$float":"1"}',
    "NaN of JSON's own": "[NaN]",
    "number out of range": "[1e999]",
    "integer out of range": f"[{2**70}]",
    "endless digits": f"[{'9' * 5000}]",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_malformed_header_is_refused(header):
    with pytest.raises(WireError):
        wire.decode(_message(header.encode(), b"1234"))


def test_deep_nesting_is_refused_before_it_is_parsed():
    with pytest.raises(WireError, match="nested"):
        wire.decode(_message(b"[" * 100_000 + b"]" * 100_000))


def test_many_nodes_are_refused():
    with pytest.raises(WireError, match="nodes"):
        wire.decode(_message(json.dumps([0] * (wire.MAX_NODES + 1)).encode()))


def test_message_over_the_limit_is_refused_on_both_sides():
    with pytest.raises(WireError, match="100"):
        wire.encode(b"x" * 200, max_bytes=100)
    with pytest.raises(WireError, match="at most 100"):
        wire.decode(wire.encode(b"x" * 200), max_bytes=100)


class Liar(int):
    """A subclass that could answer anything."""


@pytest.mark.parametrize(
    "value", [(1, 2), {1: 2}, {"$bytes": [0, 0]}, object(), Liar(3), {1, 2}, 2**63, 1j]
)
def test_other_values_cannot_be_sent(value):
    with pytest.raises(WireError):
        wire.encode([value])


def test_source_runs_without_the_package():
    namespace = {"__name__": "wire"}
    source = (
        Path(wire.__file__)
        .read_text(encoding="utf-8")
        .replace("from autograder.errors", "from no_such_package")
    )
    exec(compile(source, "wire", "exec"), namespace)
    assert namespace["decode"](namespace["encode"]([1, b"2"])) == [1, b"2"]


def _message(header: bytes, payload: bytes = b"") -> bytes:
    return wire.MAGIC + len(header).to_bytes(4, "big") + header + payload


def _decode_or_wire_error(message: bytes) -> None:
    with contextlib.suppress(WireError):
        _assert_plain(wire.decode(message))


def _assert_plain(tree) -> None:
    assert type(tree) in (type(None), bool, int, float, str, bytes, list, dict)
    for inner in (
        tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    ):
        _assert_plain(inner)
