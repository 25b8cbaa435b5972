"""The checks of `input_interval` pass what a gradient measures, and name the mistake of wrong
answers.
"""

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from book.snippets.checks import interval_checks as checks

Layers = list[tuple[int, int, int]]
EXERCISE = Path(__file__).parents[3] / "book" / "exercises" / "ex03_modern_cnn.md"


def by_gradient(layers: Layers, size: int, position: int) -> tuple[int, int]:
    """What the gradient of a stack of convolutions by ones says."""
    row = torch.ones(1, 1, size, requires_grad=True)
    out = row
    for kernel, stride, padding in layers:
        out = F.conv1d(out, torch.ones(1, 1, kernel), stride=stride, padding=padding)
    (grad,) = torch.autograd.grad(out[0, 0, position], row)
    seen = grad[0, 0].nonzero().flatten().tolist()
    return seen[0], seen[-1]


def test_the_intervals_in_the_exercise_are_those_that_a_gradient_measures() -> None:
    call = re.compile(r"^check_interval\((?:[^\n]*\)|\n.*?\n\))$", re.M | re.S)
    found = call.findall(EXERCISE.read_text(encoding="utf-8"))
    assert len(found) == 10
    for each in found:
        eval(each, {"check_interval": checks.check_interval, "input_interval": by_gradient})


def late(layers: Layers, size: int, position: int) -> tuple[int, int]:
    first = last = position
    for kernel, stride, padding in reversed(layers):
        first, last = first * stride - padding, last * stride - padding + kernel - 1
    return max(first, 0), min(last, size - 1)


def exclusive(layers: Layers, size: int, position: int) -> tuple[int, int]:
    first, last = by_gradient(layers, size, position)
    return first, last + 1


def emptied(layers: Layers, size: int, position: int) -> tuple[int, int]:
    found = by_gradient(layers, size, position)
    layers.clear()
    return found


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (late, "cut only at the image"),
        (exclusive, "the last column itself"),
        (emptied, "changed the list"),
        (lambda layers, size, position: [2, 6], "a tuple of two numbers"),
        (lambda layers, size, position: (2.0, 6), "of type `int`"),
        (lambda layers, size, position: None, "has no `return`"),
        (lambda layers, size, position: (0, 1), "is not right"),
    ],
)
def test_a_wrong_interval_is_named(wrong: Callable, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_interval(wrong, [(2, 2, 0), (2, 2, 0), (3, 1, 1)], 11, 1, (0, 7), late=(0, 10))


def test_no_oracle_stands_in_the_notebook() -> None:
    assert "stride" not in inspect.getsource(checks)
