"""Gradients of arguments that are tuples or lists of tensors."""

import pytest

from ..mini import exercise, reason


@pytest.fixture(scope="module")
def dot():
    cases = """
    - id: pair
      kind: function
      call: f
      inputs:
        - {pair: {tuple: [{shape: [3]}, {shape: [3]}]}, x: {shape: [3]}}
        - {pair: [{shape: [2]}, {shape: [2]}], x: {shape: [2]}}
      grad: [pair, x]
    """
    return exercise("f", "def f(pair, x):\n    return pair[0] * pair[1] + x", cases)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("pair[1] * pair[0] + x", ""),
        ("pair[0].detach() * pair[1] + x", "no gradient for pair[0]"),
        ("pair[0] * pair[1].detach() + x", "no gradient for pair[1]"),
        ("pair[0] * pair[1] + x.detach()", "no gradient for x"),
        ("(pair[0] * pair[1] + x).detach()", "the result is not differentiable"),
    ],
)
def test_gradients_of_a_tuple_of_tensors_are_compared_one_by_one(dot, body, why):
    assert reason(dot, f"def f(pair, x):\n    return {body}") == why
