"""A network layer by layer: what comes out, what it costs."""

from typing import NamedTuple

import torch
from torch import nn


class LayerBill(NamedTuple):
    """One convolution or linear layer, for one image."""

    kind: str
    shape: tuple[int, ...]  # of its output, (N, C, H, W) or (N, C)
    parameters: int
    macs: int  # multiply-accumulates


def layer_bills(model: nn.Module, x: torch.Tensor) -> list[LayerBill]:
    """Run `x` `(1, C, H, W)` through `model` in eval mode; bill each convolution and linear layer, in running order."""
    bills: list[LayerBill] = []

    def note(layer: nn.Module, inputs: tuple[torch.Tensor, ...], out: torch.Tensor) -> None:
        assert isinstance(layer, nn.Conv2d | nn.Linear)
        per_output = layer.weight[0].numel()
        parameters = sum(p.numel() for p in layer.parameters())
        bills.append(LayerBill(type(layer).__name__, tuple(out.shape), parameters, per_output * out[0].numel()))

    hooks = [m.register_forward_hook(note) for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    with torch.no_grad():
        model.eval()(x)
    for hook in hooks:
        hook.remove()
    return bills


def print_bills(bills: list[LayerBill]) -> None:
    """One line per layer."""
    for bill in bills:
        shape = str(bill.shape)
        print(f"{bill.kind:7} {shape:18} {bill.parameters:>9,} parameters {bill.macs:>13,} MACs")
