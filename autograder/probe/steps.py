"""The steps of a request, by name: each works on the bench's objects and returns its result in the
reply.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from . import operators
from .bench import Bench
from .describe import MAX_ITEMS, describe
from .shows import SHOWS
from .slots import fresh_value, slots_of, state_of, use_order
from .tensors import array_of, gradients_of, in_double, noise_like, requires_grad

NOTHING_MOVES = "any tensor at all"


def _make(bench: Bench, name: str, value: Any) -> None:
    bench.make(name, value)


def _call(
    bench: Bench, call: str, args: list[Any], kwargs: dict[str, Any], name: str | None = None
) -> Any:
    result = bench.student(call)(*bench.build(args), **bench.build(kwargs))
    if name is None:
        return describe(result)
    bench.objects[name] = result  # to be observed by later steps
    return None


def _gradient(
    bench: Bench, call: str, args: list[Any], kwargs: dict[str, Any], of: list[int], seed: int
) -> Any:
    """Call with leaf inputs; report the result and the gradients of the inputs numbered `of`.

    An input may be a tuple or list of tensors; each of them then has a gradient in the reply, in
    order.
    """
    built, leaves = bench.build(args), list[torch.Tensor]()
    for index in of:
        given = built[index]
        items = list(given) if isinstance(given, (tuple, list)) else [given]
        fresh = [item.detach().requires_grad_(True) for item in items]
        built[index] = type(given)(fresh) if isinstance(given, (tuple, list)) else fresh[0]
        leaves += fresh
    result = bench.student(call)(*built, **bench.build(kwargs))
    return {"result": describe(result), "gradients": gradients_of(result, leaves, seed)}


def _route(
    bench: Bench,
    call: str,
    args: list[Any],
    kwargs: dict[str, Any],
    watch: list[str],
    scale: float,
    shift: float,
) -> Any:
    """The plain answer, and the one that comes out where reductions are altered (see
    `operators.altered`): by much, then slightly, for the same numbers in double precision, whose
    plain answer is `exact`. Code that checks itself by another reduction raises in the first and
    not in the second; what was raised stands in the answer's place.
    """
    function = bench.student(call)

    def outcome(given: list[Any]) -> Any:
        try:
            return function(*given, **bench.build(kwargs))
        except Exception as error:
            return error

    plain = describe(function(*bench.build(args), **bench.build(kwargs)))
    with operators.altered(watch, scale, shift) as called:
        altered = outcome(bench.build(args))
    doubled = [in_double(value) for value in bench.build(args)]
    exact = outcome(doubled)
    with operators.altered(watch, scale, shift, slightly=True):
        slightly = outcome(doubled)
    return {
        "result": plain,
        "altered": describe(altered),
        "exact": describe(exact),
        "slightly": describe(slightly),
        "called": called[:MAX_ITEMS],
    }


def _fill(bench: Bench, of: str, seed: int, sample: list[Any] | None = None) -> list[str]:
    """Give every parameter and buffer a fresh value that depends on its canonical key; return the
    keys.
    """
    model = bench.module(of)
    order = (
        use_order(model, bench.build(sample))
        if bench.align == "use" and sample is not None
        else None
    )
    slots = slots_of(model, order)
    with torch.no_grad():
        for key, tensor in slots.items():
            tensor.copy_(
                fresh_value(key, tensor, seed) if bench.counts(key) else torch.zeros_like(tensor)
            )
    bench.slots[id(model)] = kept = {
        key: tensor for key, tensor in slots.items() if bench.counts(key)
    }
    bench.before[id(model)] = state_of(model, kept)
    return list(kept)


def _forward(
    bench: Bench, of: str, args: list[Any], mode: str | None, gradients: bool, seed: int
) -> Any:
    """One forward pass in `mode` (None leaves it), with the gradients of inputs and parameters
    where asked for; `names` says what the student calls the parameters.
    """
    model = bench.module(of)
    if mode == "train":
        model.train()
    elif mode is not None:
        model.eval()
    built = bench.build(args)
    if not gradients:
        given = [tensor.clone() for tensor in built]
        with torch.no_grad():
            output = describe(model(*built))
        return {"output": output, "kept": all(map(torch.equal, given, built))}
    leaves = [b.detach().requires_grad_(b.is_floating_point()) for b in built]
    inputs = [leaf for leaf in leaves if requires_grad(leaf)]
    parameters = {
        k: t
        for k, t in bench.keyed(model).items()
        if isinstance(t, nn.Parameter) and requires_grad(t)
    }
    output = model(*leaves)
    found = gradients_of(output, [*inputs, *parameters.values()], seed)
    if found is None:
        return {"output": describe(output), "inputs": None, "parameters": None}
    mine = dict(zip(parameters, found[len(inputs) :], strict=True))
    called = {id(t): name for name, t in model.named_parameters()}
    names = {key: called[id(t)] for key, t in parameters.items() if id(t) in called}
    return {
        "output": describe(output),
        "inputs": found[: len(inputs)],
        "parameters": mine,
        "names": names,
    }


def _update(
    bench: Bench, of: str, args: list[Any], lr: float, seed: int, item: int | None = None
) -> Any:
    """One plain gradient step of what requires grad, in the mode that the model is in; which
    tensors moved?

    Behaviour says more than flags: a parameter that is frozen, or statistics that must not drift,
    stay where they are.
    """
    model = bench.module(of)
    tensors = bench.keyed(model)
    before = {key: tensor.detach().clone() for key, tensor in tensors.items()}
    model.zero_grad(set_to_none=True)
    outputs = model(*bench.build(args))
    several = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    for index, output in enumerate(several):
        if item in (None, index) and isinstance(output, torch.Tensor) and requires_grad(output):
            output.backward(noise_like(output, seed), retain_graph=True)
    with torch.no_grad():
        for parameter in model.parameters():
            if requires_grad(parameter) and parameter.grad is not None:
                parameter.sub_(lr * parameter.grad)
    model.zero_grad(set_to_none=True)
    return {key: not torch.equal(before[key], tensor.detach()) for key, tensor in tensors.items()}


def _idle(
    bench: Bench,
    of: str,
    args: list[Any],
    lr: float,
    seed: int,
    item: int | None = None,
    kinds: list[str] | None = None,
) -> list[str]:
    """The kinds of tensors that stay where they are in such a step, and those of `kinds` of which
    none moves.

    Also said is whether all stay, as where there are none.
    """
    moved = _update(bench, of, args, lr, seed, item)
    still = sorted(key.partition("#")[0] for key, did in moved.items() if not did)
    if not any(moved.values()):
        return [*still, NOTHING_MOVES]
    found = {key.partition(".")[0] for key, did in moved.items() if did}
    return [*still, *(f"any {kind}" for kind in kinds or () if kind not in found)]


def _responds(
    bench: Bench, call: str, args: list[Any], kwargs: dict[str, Any], vary: str, left: list[str]
) -> bool:
    """Does it matter what the loader called `vary` holds? Images and labels are turned, all else is
    made anew.

    What is compared is what the function returns and what it leaves in the objects called `left`.
    """
    seen: list[Any] = []
    for turn in range(6):
        anew = Bench(bench.request, bench.namespace)
        for name, value in bench.specs.items():
            anew.make(name, value | {"turn": turn} if name == vary else value)
        result = anew.student(call)(*anew.build(args), **anew.build(kwargs))
        rest = [{k: array_of(t) for k, t in anew.keyed(anew.module(name)).items()} for name in left]
        seen.append((describe(result), rest))
        if seen[-1] != seen[0]:
            return True
    return False


def _varies(bench: Bench, of: str, args: list[Any], seed: int) -> bool:
    """Does the output depend on the input at all? Tried in eval mode with other inputs, larger each
    time.
    """
    model, given = bench.module(of), bench.build(args)
    model.eval()
    with torch.no_grad():
        first = describe(model(*given))
        others = ([x + 4**n * noise_like(x, seed + n) for x in given] for n in range(5))
        return any(describe(model(*other)) != first for other in others)


def _roundtrip(bench: Bench, of: str, value: Any, name: str) -> list[str]:
    """Build a second object, load the first one's state_dict into it, keep it as `name`."""
    second = bench.build(value)
    missing = second.load_state_dict(copy.deepcopy(bench.module(of).state_dict()), strict=False)
    bench.objects[name] = second
    return [*missing.missing_keys, *missing.unexpected_keys]


def _same(bench: Bench, first: str, second: str) -> bool:
    return bench.objects[first] is bench.objects[second]


def _show(
    bench: Bench, of: str, what: str, kinds: list[str] | None = None, item: int | None = None
) -> Any:
    """What an object shows; `item`: one of a tuple or list, where it has that."""
    thing = bench.objects[of]
    if item is not None and isinstance(thing, (tuple, list)) and item < len(thing):
        thing = thing[item]
    return SHOWS[what](bench, thing, kinds)


STEPS: dict[str, Callable[..., Any]] = {
    "make": _make,
    "call": _call,
    "gradient": _gradient,
    "route": _route,
    "fill": _fill,
    "forward": _forward,
    "update": _update,
    "idle": _idle,
    "responds": _responds,
    "varies": _varies,
    "roundtrip": _roundtrip,
    "same": _same,
    "show": _show,
}
