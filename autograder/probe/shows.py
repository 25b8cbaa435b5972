"""What can be shown of an object, by name. `kinds`: what a few of them are limited to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from .bench import Bench
from .describe import MAX_ITEMS, describe
from .slots import as_module, kind_of, slots_of
from .tensors import array_of, requires_grad


def _value(bench: Bench, thing: Any, kinds: Any) -> Any:
    return describe(thing)


def _type(bench: Bench, thing: Any, kinds: Any) -> list[str]:
    return [f"{c.__module__}.{c.__qualname__}" for c in type(thing).__mro__][:20]


def _shapes(bench: Bench, thing: Any, kinds: Any) -> list[str]:
    """Canonical keys (kind of layer, name, shape) of the parameters alone, sorted, duplicates
    kept.
    """
    slots = {
        key: tensor for key, tensor in slots_of(as_module(thing), None).items() if bench.counts(key)
    }
    return sorted(
        key.partition("#")[0] for key, tensor in slots.items() if isinstance(tensor, nn.Parameter)
    )


def _parts(bench: Bench, thing: Any, kinds: list[str] | None) -> list[str]:
    """The modules inside of the student's classes `kinds`, each by how it was made or by its size;
    sorted.
    """
    classes = bench.classes(kinds)
    found = [module for module in as_module(thing).modules() if isinstance(module, classes)][
        :MAX_ITEMS
    ]
    sizes = [sum(tensor.numel() for tensor in part.parameters()) for part in found]
    return sorted(
        str(getattr(part, "made", f"{size} parameters"))
        for part, size in zip(found, sizes, strict=True)
    )


def _outside(bench: Bench, thing: Any, kinds: list[str] | None) -> list[str]:
    """As `shapes`, without the parameters inside of the student's classes `kinds`."""
    classes = bench.classes(kinds)
    inner = [part for part in as_module(thing).modules() if isinstance(part, classes)]
    theirs = [shape for part in inner for shape in _shapes(bench, part, None)]
    return sorted((Counter(_shapes(bench, thing, None)) - Counter(theirs)).elements())


def _changed(bench: Bench, thing: Any, kinds: Any) -> dict[str, str]:
    """Of a filled module: canonical key of each tensor whose values have changed since → what they
    are now.
    """
    tensors = dict([*as_module(thing).named_parameters(), *thing.named_buffers()])
    found = {}
    for name, (key, value, _) in bench.before[id(thing)].items():
        now = tensors.get(name)
        if now is None or now.shape != value.shape or not torch.equal(now.detach(), value):
            found[key] = "zero" if now is not None and not now.detach().any() else "other values"
    return found


def _kept(bench: Bench, thing: Any, kinds: Any) -> bool:
    """Are parameters and buffers of a filled module still the same objects, with the same
    `requires_grad`?
    """
    tensors = dict([*as_module(thing).named_parameters(), *thing.named_buffers()])
    before = bench.before[id(thing)]
    same = {id(tensor) for tensor in bench.slots[id(thing)].values()}
    return all(
        name in tensors and id(tensors[name]) in same and requires_grad(tensors[name]) == flag
        for name, (_, _, flag) in before.items()
    )


def _touched(bench: Bench, thing: Any, kinds: Any) -> bool:
    """Has any tensor of a filled module other values since?"""
    return bool(_changed(bench, thing, kinds))


def _parameters(bench: Bench, thing: Any, kinds: Any) -> dict[str, Any]:
    return {k: array_of(t) for k, t in bench.keyed(thing).items() if isinstance(t, nn.Parameter)}


def _buffers(bench: Bench, thing: Any, kinds: Any) -> dict[str, Any]:
    return {
        k: array_of(t) for k, t in bench.keyed(thing).items() if not isinstance(t, nn.Parameter)
    }


def _flags(bench: Bench, thing: Any, kinds: Any) -> dict[str, bool]:
    return {
        k: requires_grad(t) for k, t in bench.keyed(thing).items() if isinstance(t, nn.Parameter)
    }


def _gradients(bench: Bench, thing: Any, kinds: Any) -> dict[str, Any]:
    """The `.grad` that is left on each parameter, None where there is none."""
    found = {k: t.grad for k, t in bench.keyed(thing).items() if isinstance(t, nn.Parameter)}
    return {k: None if grad is None else array_of(grad) for k, grad in found.items()}


def _modes(bench: Bench, thing: Any, kinds: list[str] | None) -> dict[str, bool]:
    """`training` of every module whose kind is in `kinds` (all when None); the whole model's is
    under `model`.
    """
    modes, counts = {"model": bool(as_module(thing).training)}, dict[str, int]()
    for module in list(thing.modules())[1:MAX_ITEMS]:
        kind = kind_of(module)
        if kinds is None or kind in kinds:
            modes[f"{kind}#{counts.get(kind, 0)}"] = bool(module.training)
            counts[kind] = counts.get(kind, 0) + 1
    return modes


def _frozen(bench: Bench, thing: Any, kinds: Any) -> bool:
    """Is any parameter frozen?"""
    return not all(requires_grad(parameter) for parameter in as_module(thing).parameters())


def _owns(bench: Bench, thing: Any, kinds: Any) -> bool:
    """Has the module any parameter that no other object has?"""
    others = [
        each for each in bench.objects.values() if isinstance(each, nn.Module) and each is not thing
    ]
    theirs = {id(parameter) for each in others for parameter in each.parameters()}
    return any(id(parameter) not in theirs for parameter in as_module(thing).parameters())


def _uneven(bench: Bench, thing: Any, kinds: Any) -> bool:
    """Is any module in another mode than the whole?"""
    return any(module.training != thing.training for module in as_module(thing).modules())


def _returns_itself(bench: Bench, thing: Any, kinds: Any) -> bool:
    """Do `train()` and `eval()` give the module back?"""
    model = as_module(thing)
    return model.train() is model and model.eval() is model


def _hooks(bench: Bench, thing: Any, kinds: Any) -> list[str]:
    """The kind of each module inside, once for every hook that is registered on it; sorted."""
    places = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    found = [
        kind_of(module)
        for module in as_module(thing).modules()
        for place in places
        for _ in getattr(module, place)
    ]
    return sorted(found)[:MAX_ITEMS]


def _norms(bench: Bench, thing: Any, kinds: Any) -> list[str]:
    """The settings of each normalisation layer, sorted."""
    settings = ("eps", "momentum", "affine", "track_running_stats")
    found = [
        m for m in as_module(thing).modules() if isinstance(m, nn.modules.batchnorm._NormBase)
    ][:MAX_ITEMS]
    return sorted(", ".join(f"{name}={getattr(m, name, None)}" for name in settings) for m in found)


def _layers(bench: Bench, thing: Any, kinds: list[str] | None) -> list[str]:
    """Kinds of the modules inside, sorted; with `kinds` only those."""
    found = [kind_of(module) for module in as_module(thing).modules()]
    return sorted(kind for kind in found if kinds is None or kind in kinds)[:MAX_ITEMS]


def _calls(bench: Bench, thing: Any, kinds: Any) -> list[dict[str, Any]]:
    """How a fixture model was called: mode, whether gradients were on, batch size."""
    return bench.records.get(id(thing), [])[:MAX_ITEMS]


def _groups(bench: Bench, thing: Any, kinds: Any) -> dict[str, list[Any]]:
    """Of a list of optimiser groups: canonical key of each parameter → its learning rates, one per
    appearance.
    """
    names = {id(tensor): key for slots in bench.slots.values() for key, tensor in slots.items()}
    found: dict[str, list[Any]] = {}
    for group in list(thing)[:MAX_ITEMS]:
        parameters = group["params"]
        for parameter in (
            [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)[:MAX_ITEMS]
        ):
            found.setdefault(names.get(id(parameter), "unknown"), []).append(
                describe(group.get("lr"))
            )
    return found


SHOWS: dict[str, Callable[[Bench, Any, Any], Any]] = {
    "value": _value,
    "type": _type,
    "shapes": _shapes,
    "parts": _parts,
    "outside": _outside,
    "changed": _changed,
    "kept": _kept,
    "touched": _touched,
    "parameters": _parameters,
    "buffers": _buffers,
    "flags": _flags,
    "gradients": _gradients,
    "modes": _modes,
    "frozen": _frozen,
    "owns": _owns,
    "uneven": _uneven,
    "norms": _norms,
    "hooks": _hooks,
    "returns_itself": _returns_itself,
    "layers": _layers,
    "calls": _calls,
    "groups": _groups,
}
