"""Gradients as the probe reports them, and what finding them imports."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from autograder.probe.tensors import array_of, gradients_of, noise_like

_IN_A_FRESH_PROCESS = """
import sys, torch
from autograder.probe.tensors import gradients_of
x = torch.ones(2, 3, requires_grad=True)
assert gradients_of([x * 2, x.sum()], [x], 0)
print("sympy" in sys.modules)
"""


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.complex64])
def test_gradients_are_those_of_torch_for_the_drawn_weights(dtype: torch.dtype) -> None:
    x = torch.randn(3, 4).to(dtype).requires_grad_()
    y = torch.randn(2, 3, dtype=torch.float64).requires_grad_()
    unused = torch.zeros(1, requires_grad=True)
    outputs, leaves = [x.sin(), y * y.sum(), x.mean()], [x, y, unused]
    weights = [noise_like(output, 5 + index) for index, output in enumerate(outputs)]
    wanted = torch.autograd.grad(outputs, leaves, weights, allow_unused=True, retain_graph=True)
    arrays = [None if grad is None else array_of(grad) for grad in wanted]
    assert gradients_of(outputs, leaves, 5) == arrays
    assert arrays[2] is None


def test_finding_gradients_imports_no_sympy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IN_A_FRESH_PROCESS], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
