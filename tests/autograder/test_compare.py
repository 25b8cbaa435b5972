import numpy as np
import pytest
import torch

from autograder.compare import difference, tree_difference
from autograder.draw import plain_array
from autograder.probe.describe import describe


def compare(got, want, **options):
    found = difference(describe(got), describe(want), **options)
    return found and found.en


x = torch.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    "value",
    [x, x.double(), x.bool(), 3, 2.5, True, None, "a", [1, x], (1, (x, 2.0)), {"a": x, 2: 1}],
)
def test_equal_values_do_not_differ(value):
    assert compare(value, value) is None


def test_nearly_equal_floats_do_not_differ_and_others_do():
    assert compare(x * (1 + 1e-6), x) is None
    assert compare(x * 1.01, x) == "5 of 6 values differ."
    assert compare(0.1 + 0.2, 0.3) is None


def test_nan_and_infinity_equal_only_themselves():
    nan, inf = torch.tensor([float("nan")]), torch.tensor([float("inf")])
    assert compare(nan, nan) is None and compare(inf, inf) is None
    assert compare(nan, torch.zeros(1)) and compare(torch.zeros(1), nan) and compare(inf, -inf)


def test_difference_says_what_came_and_what_should_and_never_the_value():
    assert compare(x.T, x) == "The shape is (3, 2) instead of (2, 3)."
    assert compare(x.double(), x) == "The dtype is float64 instead of float32."
    assert compare(1.0, 1) == "The type is float instead of int."
    assert compare(True, 1) == "The type is bool instead of int."
    # as good as Python's
    assert compare(np.int64(1), 1) is None and compare(np.float64(1), 1.0) is None
    assert compare(np.int8(1), 1) == "The type is numpy.int8 instead of int."
    assert compare([1], (1,)) == "The type is list instead of tuple."
    assert compare((1, 2, 3), (1, 2)) == "The number of items is 3 instead of 2."
    assert compare(None, x) == "It is `None`. Is a `return` missing?"
    assert compare(7, 41) == "7 is not the right value."
    assert compare({"a": 1}, {"b": 1}) == "The key 'b' is missing."


def test_korean_side_says_the_same():
    assert difference(describe(x.T), describe(x)).ko == "모양이 (2, 3) 대신 (3, 2)입니다."


def test_loose_types_let_an_int_stand_for_a_float():
    assert compare(1, 1.0, exact_type=False) is None
    assert compare(2, 1.0, exact_type=False)
    assert compare(torch.nn.Parameter(x), x, exact_type=False) is None
    assert compare(torch.nn.Parameter(x), x) == "The type is Parameter instead of Tensor."


LIES = [
    None, 3, "tensor", [], {}, {"t": 3}, {"t": "tensor"}, {"t": "tensor", "type": "Tensor"},
    {"t": "tensor", "v": {"array": "x"}},
    {"t": "tensor", "type": "Tensor", "v": {"array": "float32", "shape": [2, 3], "data": b""}},
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_malformed_tensor_differs_and_never_raises(lie):
    assert difference(lie, describe(x)) is not None


@pytest.mark.parametrize("want", [3, 2.5, (1, 2), {"a": 1}, "text"], ids=str)
@pytest.mark.parametrize(
    "lie", [{}, {"v": []}, {"v": [[1]]}, {"v": {}}, {"v": "3"}, {"v": [None, None]}], ids=str
)
def test_malformed_plain_value_differs_and_never_raises(lie, want):
    described = describe(want)
    assert difference({"t": described["t"], **lie}, described) is not None


def test_trees_differ_in_missing_and_surplus_names():
    assert tree_difference({"a": True}, {"a": True}) is None
    assert (
        tree_difference({"a": True, "c": 1}, {"a": True, "b": 1}).en == "Missing: b. Too many: c."
    )
    assert tree_difference(["x", "y"], ["y", "x"]) is None
    found = tree_difference(["tensor|3", "18 parameters"], ["Conv2d.weight|8x3x3x3#1", "any ReLU"])
    assert found.en == (
        "Missing: `Conv2d.weight` (8, 3, 3, 3) no. 2, every `ReLU`."
        " Too many: your own parameter (3,), 18 parameters."
    )
    assert tree_difference({"Module.p|3#0": 1}, {"Module.p|3#0": 2}).en.startswith("`p` (3,): ")
    assert "직접 만든 파라미터 (3,), 파라미터 18개" in found.ko and "2번째, 모든 `ReLU`" in found.ko
    assert tree_difference(["x", "x"], ["x"]).en == "Missing: -. Too many: x."
    assert tree_difference({"a": [1, False]}, {"a": [1, True]}).en == "a: [1] The value differs."
    assert tree_difference(3, {"a": 1}) is not None and tree_difference(3, [1]) is not None


def test_absent_gradient_differs_from_one_that_is_there():
    array = plain_array(np.zeros(2), "float32")
    assert tree_difference([None], [array]).en == "[0] There is nothing."
    assert tree_difference([array], [None]) is not None
