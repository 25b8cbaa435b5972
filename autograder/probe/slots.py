"""The student's layers, named freely: canonical keys for their tensors, and fresh values for each
key.
"""

from __future__ import annotations

import contextlib
import math
import zlib
from typing import Any

import torch
from torch import nn

from .tensors import requires_grad

_STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


def slots_of(model: nn.Module, units: dict[int, tuple[int, str]] | None) -> dict[str, torch.Tensor]:
    """Parameters and buffers by canonical key `kind.name|shape@unit#count`, whatever the student
    called the layers.

    `units` (from `use_order`) maps the id of a module to its place in the order of use and to the
    layer that feeds it, which the key then names; modules that it lacks come after, in the order of
    registration. Shared tensors count once. Of buffers, those of normalisation layers alone: what
    else a student registers is neither filled nor compared.
    """
    modules = list(model.modules())
    if units is not None:
        modules.sort(key=lambda module: units.get(id(module), (len(units), ""))[0])
    counts: dict[str, int] = {}
    slots: dict[str, torch.Tensor] = {}
    seen: set[int] = set()
    for module in modules:
        unit = "" if units is None or id(module) not in units else units[id(module)][1]
        for name, tensor in [*module._parameters.items(), *_statistics(module)]:
            if tensor is None or id(tensor) in seen:
                continue
            seen.add(id(tensor))
            kind = kind_of(module)
            owner = (
                f"{kind}.{name}"
                if kind in nn.__dict__ and not isinstance(module, nn.Sequential)
                else "tensor"
            )
            key = f"{owner}|{'x'.join(map(str, tensor.shape))}{unit}"
            slots[f"{key}#{counts.get(key, 0)}"] = tensor
            counts[key] = counts.get(key, 0) + 1
    return slots


def _statistics(module: nn.Module) -> list[tuple[str, torch.Tensor | None]]:
    """The buffers that a normalisation layer of torch brings along."""
    if not isinstance(module, nn.modules.batchnorm._NormBase):
        return []
    return [(name, module._buffers.get(name)) for name in _STATISTICS]


def state_of(
    model: nn.Module, slots: dict[str, torch.Tensor]
) -> dict[str, tuple[str, torch.Tensor, bool]]:
    """Of each tensor of a filled module by name: its canonical key, a copy of its values,
    `requires_grad`.
    """
    keys = {id(tensor): key for key, tensor in slots.items()}
    named = [*model.named_parameters(), *model.named_buffers()]
    return {
        n: (keys[id(t)], t.detach().clone(), requires_grad(t)) for n, t in named if id(t) in keys
    }


def use_order(model: nn.Module, sample: list[Any]) -> dict[int, tuple[int, str]]:
    """For each layer that owns tensors: its place in the order of use, and `@` plus the layer that
    feeds it directly.

    Two 3×3 convolutions of a residual block are told apart by their order of use, the shortcut's
    normalisation from the body's by the convolution that feeds it; so a student may define and name
    them in any order.
    """
    order: dict[int, tuple[int, str]] = {}
    outputs: list[tuple[Any, str]] = []  # keeps the tensors alive, so that `is` is safe

    def note(module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        if id(module) not in order:
            feeder = next((label for out, label in outputs if inputs and out is inputs[0]), "")
            order[id(module)] = (len(order), feeder)
        weight = getattr(module, "weight", None)
        if isinstance(module, nn.Conv2d) and isinstance(weight, torch.Tensor):
            outputs.append((output, f"@{'x'.join(map(str, weight.shape))}"))

    owners = [m for m in model.modules() if m._parameters or m._buffers]
    hooks = [module.register_forward_hook(note) for module in owners]
    training = [(module, module.training) for module in model.modules()]
    try:
        # what was used until a crash has its order, too
        with torch.no_grad(), contextlib.suppress(Exception):
            model.eval()(*sample)
    finally:
        for hook in hooks:
            hook.remove()
        for module, mode in training:
            module.training = mode
    return order


def fresh_value(key: str, tensor: torch.Tensor, seed: int) -> torch.Tensor:
    """A value for the tensor under `key`: the same on both sides, of a size that keeps activations
    near 1.
    """
    generator = torch.Generator().manual_seed((seed ^ zlib.crc32(key.encode()) << 20) % 2**62)
    name = key.partition("|")[0]
    if not tensor.is_floating_point():
        return torch.full_like(tensor, 3)
    noise = torch.randn(tensor.shape, generator=generator, dtype=torch.float64)
    if name.endswith("running_var") or (name.endswith("weight") and tensor.dim() == 1):
        return 0.6 + noise.abs().clamp(max=1.5)
    if tensor.dim() > 1:
        return noise / math.sqrt(max(1, math.prod(tensor.shape[1:])))
    return 0.3 * noise


def kind_of(module: nn.Module) -> str:
    """Name of the nearest torch class: a student's own subclass of `nn.Conv2d` is a `Conv2d`."""
    for cls in type(module).__mro__:
        if cls.__module__.startswith("torch.nn.modules"):
            return cls.__name__
    return "Module"


def as_module(thing: Any) -> nn.Module:
    if not isinstance(thing, nn.Module):
        raise TypeError(f"expected an nn.Module, got {type(thing).__name__}")
    return thing
