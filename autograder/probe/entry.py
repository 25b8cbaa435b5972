"""What runs in the STUDENT's process: build values from a request, call the student's code, report plain data.

Theory of operation. The module's source is sent into the student's process (or imported, by the plain in-process
runner) and `run` is called there once per request. It needs the standard library, NumPy and torch, and it knows no
expected value, tolerance or hint: it does what the request's steps say and describes the results. The trusted side runs
the very same function on the reference solution and compares the two replies, so a student who tampers with this
process can change their own replies but not what they are compared with.

Requests and replies are trees of plain values (see `wire`). A request is `{"version": 1, "seed": int, "align": str,
"steps": [...]}`; a reply is `{"version": 1, "results": [one per step]}`, with `"error"` added when a step raised; later
steps are then not run. `autograder/README.md` lists the steps, the values that can be built and the fixtures.
"""

from __future__ import annotations

import contextlib
import copy
import ctypes
import inspect
import itertools
import math
import random
import sys
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.random import mtrand
from torch import nn

try:
    import course_operators as operators  # as it is called in the student's process
except ImportError:
    from autograder import operators

VERSION = 1
MAX_ITEMS, MAX_NESTING, MAX_TEXT = 2000, 6, 400
NOTHING_MOVES = "any tensor at all"
_NUMBER_TYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64, torch.bool, torch.complex64, torch.complex128)  # fmt: skip  # noqa: E501
_GENERATOR = np.random.MT19937(0)  # NumPy's global one while a question is answered
_DTYPES = {str(dtype).removeprefix("torch."): dtype for dtype in _NUMBER_TYPES}


def run(request: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    """Carry out the request on the functions and classes of `namespace`. Raises nothing but what is no `Exception`.

    Several requests come as one, `{"several": [...], "refuse": [...]}`, where operators are refused: that costs more
    than most answers. The reply is `{"replies": [...]}`, one for each.
    """
    with operators.refused(request.get("refuse") or ()) as refused:
        if "several" in request:
            return {"replies": [_one(each, namespace, refused) for each in request["several"]]}
        return _one(request, namespace, refused)


def _one(request: dict[str, Any], namespace: dict[str, Any], refused: list[str]) -> dict[str, Any]:
    bench = Bench(request, namespace)
    reply: dict[str, Any] = {"version": VERSION, "results": bench.results}
    refused[:] = [name for name in refused if name == operators.UNWATCHED]  # holds for every request
    with _clean_state(request["seed"]), _stand_ins(namespace, request.get("stand_in") or {}):
        for index, step in enumerate(request["steps"]):
            try:
                bench.results.append(getattr(bench, "do_" + step["op"])(**{k: v for k, v in step.items() if k != "op"}))
            except (Exception, SystemExit, GeneratorExit) as error:
                reply["error"] = _describe_error(error, index)
                break
    return reply | ({"refused": refused[:20]} if refused else {})


@contextlib.contextmanager
def _stand_ins(namespace: dict[str, Any], wanted: dict[str, str]) -> Iterator[None]:
    """Simple classes in the place of some of the namespace's own, so that one mistake does not sink what uses it."""
    before = {name: namespace[name] for name in wanted if name in namespace}
    try:
        namespace.update({name: _stand_in(STAND_INS[kind], before.get(name)) for name, kind in wanted.items()})
        yield
    finally:
        for name in wanted:
            namespace.pop(name, None)
        namespace.update(before)


def _default_device() -> Any:
    """The device that `torch.set_default_device` set; None without one. A device that is not there is one, too."""
    mode = getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)
    return None if mode is None else mode.device


# What a student's cells may have changed for the whole process: how to read it, to set it, and what it is for a
# question. `warnings` are dealt with apart.
_GLOBAL_STATE: list[tuple[Callable[[], Any], Callable[[Any], Any], Any]] = [
    (_default_device, torch.set_default_device, None),
    (torch.get_default_dtype, torch.set_default_dtype, torch.float32),
    (torch.is_grad_enabled, torch._C._set_grad_enabled, True),
    (torch.get_deterministic_debug_mode, torch.set_deterministic_debug_mode, 0),
    (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly, False),
    (torch.get_float32_matmul_precision, torch.set_float32_matmul_precision, "highest"),
    (lambda: torch.is_autocast_enabled("cpu"), lambda on: torch.set_autocast_enabled("cpu", on), False),
]


def _stand_in(simple: type[nn.Module], own: Any) -> type[nn.Module]:
    """The simple class with the constants of the student's own (`expansion = 1`), which other code may read."""
    constants = {
        name: value
        for name, value in (vars(own) if isinstance(own, type) else {}).items()
        if not name.startswith("__") and type(value) in (int, float, bool, str, tuple) and not hasattr(simple, name)
    }
    return type(simple.__name__, (simple,), constants)


@contextlib.contextmanager
def _clean_state(seed: int) -> Iterator[None]:
    """Known global state for a question, whatever the student's cells left behind; put back afterwards."""
    numbers, drawn, arrays = random.getstate(), torch.get_rng_state(), mtrand.get_bit_generator()
    changed, errors = [], np.geterr()
    with warnings.catch_warnings(), contextlib.ExitStack() as stack:
        warnings.simplefilter("ignore")
        try:
            if torch.is_inference_mode_enabled():
                stack.enter_context(torch.inference_mode(False))
            for read, write, value in _GLOBAL_STATE:
                if (before := read()) != value:
                    changed.append((write, before))
                    write(value)
            np.seterr(all="ignore")
            torch.default_generator.manual_seed(seed)  # `torch.manual_seed` would queue a call for every absent GPU
            random.seed(seed)
            mtrand.set_bit_generator(_GENERATOR)  # a hundred times as fast as to read the state and to set it
            np.random.seed(seed % 2**32)
            yield
        finally:
            for write, before in reversed(changed):
                write(before)
            np.seterr(**errors)
            mtrand.set_bit_generator(arrays)
            torch.set_rng_state(drawn)
            random.setstate(numbers)


class Bench:
    """The objects of one request and the steps that work on them; a step's return value is its result in the reply."""

    def __init__(self, request: dict[str, Any], namespace: dict[str, Any]) -> None:
        self.request, self.namespace, self.align, self.seed = request, namespace, request["align"], request["seed"]
        self.neutral = set(request.get("neutral") or ())
        self.objects: dict[str, Any] = {}
        self.specs: dict[str, Any] = {}  # what each was made from
        self.before: dict[int, dict[str, tuple[str, torch.Tensor, bool]]] = {}  # id of a filled module → see `_state`
        self.slots: dict[int, dict[str, torch.Tensor]] = {}  # id of a filled module → its tensors by canonical key
        self.records: dict[int, list[dict[str, Any]]] = {}  # id of a fixture model → its forward calls
        self.results: list[Any] = []

    # --- steps -------------------------------------------------------------------------------------------------------

    def do_make(self, name: str, value: Any) -> None:
        self.objects[name], self.specs[name] = self.build(value), value

    def do_call(self, call: str, args: list[Any], kwargs: dict[str, Any], name: str | None = None) -> Any:
        result = self.student(call)(*self.build(args), **self.build(kwargs))
        if name is None:
            return describe(result)
        self.objects[name] = result  # to be observed by later steps
        return None

    def do_gradient(self, call: str, args: list[Any], kwargs: dict[str, Any], of: list[int], seed: int) -> Any:
        """Call with leaf inputs; report the result and the gradients of the inputs numbered `of`.

        An input may be a tuple or list of tensors; each of them then has a gradient in the reply, in order.
        """
        built, leaves = self.build(args), list[torch.Tensor]()
        for index in of:
            given = built[index]
            items = list(given) if isinstance(given, (tuple, list)) else [given]
            fresh = [item.detach().requires_grad_(True) for item in items]
            built[index] = type(given)(fresh) if isinstance(given, (tuple, list)) else fresh[0]
            leaves += fresh
        result = self.student(call)(*built, **self.build(kwargs))
        return {"result": describe(result), "gradients": _gradients(result, leaves, seed)}

    def do_route(
        self, call: str, args: list[Any], kwargs: dict[str, Any], watch: list[str], scale: float, shift: float
    ) -> Any:
        """The plain answer, and the one that comes out where reductions are altered (see `operators.altered`)."""
        function = self.student(call)
        plain = describe(function(*self.build(args), **self.build(kwargs)))
        with operators.altered(watch, scale, shift) as called:
            altered = function(*self.build(args), **self.build(kwargs))
        return {"result": plain, "altered": describe(altered), "called": called[:MAX_ITEMS]}

    def do_fill(self, of: str, seed: int, sample: list[Any] | None = None) -> list[str]:
        """Give every parameter and buffer a fresh value that depends on its canonical key; return the keys."""
        model = self.module(of)
        order = _use_order(model, self.build(sample)) if self.align == "use" and sample is not None else None
        slots = _slots(model, order)
        with torch.no_grad():
            for key, tensor in slots.items():
                tensor.copy_(_fresh(key, tensor, seed) if self.counts(key) else torch.zeros_like(tensor))
        self.slots[id(model)] = kept = {key: tensor for key, tensor in slots.items() if self.counts(key)}
        self.before[id(model)] = _state(model, kept)
        return list(kept)

    def do_forward(self, of: str, args: list[Any], mode: str | None, gradients: bool, seed: int) -> Any:
        """One forward pass in `mode` (None leaves it), with the gradients of inputs and parameters where asked for."""
        model = self.module(of)
        if mode is not None:
            model.train(mode == "train")
        built = self.build(args)
        if not gradients:
            given = [tensor.clone() for tensor in built]
            with torch.no_grad():
                output = describe(model(*built))
            return {"output": output, "kept": all(map(torch.equal, given, built))}
        leaves = [b.detach().requires_grad_(b.is_floating_point()) for b in built]
        inputs = [leaf for leaf in leaves if _requires_grad(leaf)]
        parameters = {k: t for k, t in self.keyed(model).items() if isinstance(t, nn.Parameter) and _requires_grad(t)}
        output = model(*leaves)
        found = _gradients(output, [*inputs, *parameters.values()], seed)
        if found is None:
            return {"output": describe(output), "inputs": None, "parameters": None}
        mine = dict(zip(parameters, found[len(inputs) :], strict=True))
        return {"output": describe(output), "inputs": found[: len(inputs)], "parameters": mine}

    def do_update(self, of: str, args: list[Any], lr: float, seed: int, item: int | None = None) -> Any:
        """One plain gradient step of what requires grad, in the mode that the model is in; which tensors moved?

        Behaviour says more than flags: a parameter that is frozen, or statistics that must not drift, stay where they
        are.
        """
        model = self.module(of)
        tensors = self.keyed(model)
        before = {key: tensor.detach().clone() for key, tensor in tensors.items()}
        model.zero_grad(set_to_none=True)
        outputs = model(*self.build(args))
        several = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
        for index, output in enumerate(several):
            if item in (None, index) and isinstance(output, torch.Tensor) and _requires_grad(output):
                output.backward(_noise(output, seed), retain_graph=True)
        with torch.no_grad():
            for parameter in model.parameters():
                if _requires_grad(parameter) and parameter.grad is not None:
                    parameter.sub_(lr * parameter.grad)
        model.zero_grad(set_to_none=True)
        return {key: not torch.equal(before[key], tensor.detach()) for key, tensor in tensors.items()}

    def do_idle(
        self, of: str, args: list[Any], lr: float, seed: int, item: int | None = None, kinds: list[str] | None = None
    ) -> list[str]:
        """The kinds of tensors that stay where they are in such a step, and those of `kinds` of which none moves.

        Also said is whether all stay, as where there are none.
        """
        moved = self.do_update(of, args, lr, seed, item)
        still = sorted(key.partition("#")[0] for key, did in moved.items() if not did)
        if not any(moved.values()):
            return [*still, NOTHING_MOVES]
        found = {key.partition(".")[0] for key, did in moved.items() if did}
        return [*still, *(f"any {kind}" for kind in kinds or () if kind not in found)]

    def do_responds(self, call: str, args: list[Any], kwargs: dict[str, Any], vary: str, left: list[str]) -> bool:
        """Does it matter what the loader called `vary` holds? Images and labels are turned, all else is made anew.

        What is compared is what the function returns and what it leaves in the objects called `left`.
        """
        seen: list[Any] = []
        for turn in range(6):
            bench = Bench({**self.request, "steps": []}, self.namespace)
            for name, value in self.specs.items():
                bench.do_make(name, value | {"turn": turn} if name == vary else value)
            result = bench.student(call)(*bench.build(args), **bench.build(kwargs))
            rest = [{k: _array(t) for k, t in bench.keyed(bench.module(name)).items()} for name in left]
            seen.append((describe(result), rest))
            if seen[-1] != seen[0]:
                return True
        return False

    def do_varies(self, of: str, args: list[Any], seed: int) -> bool:
        """Does the output depend on the input at all? Tried in eval mode with other inputs, larger each time."""
        model, given = self.module(of).eval(), self.build(args)
        with torch.no_grad():
            first = describe(model(*given))
            others = ([x + 4**n * _noise(x, seed + n) for x in given] for n in range(5))
            return any(describe(model(*other)) != first for other in others)

    def do_roundtrip(self, of: str, value: Any, name: str) -> list[str]:
        """Build a second object, load the first one's state_dict into it, keep it as `name`."""
        second = self.build(value)
        missing = second.load_state_dict(copy.deepcopy(self.module(of).state_dict()), strict=False)
        self.objects[name] = second
        return [*missing.missing_keys, *missing.unexpected_keys]

    def do_same(self, first: str, second: str) -> bool:
        return self.objects[first] is self.objects[second]

    def do_show(self, of: str, what: str, kinds: list[str] | None = None) -> Any:
        return getattr(self, "show_" + what)(self.objects[of], kinds)

    # --- what can be shown of an object ------------------------------------------------------------------------------

    def show_value(self, thing: Any, kinds: Any) -> Any:
        return describe(thing)

    def show_type(self, thing: Any, kinds: Any) -> list[str]:
        return [f"{c.__module__}.{c.__qualname__}" for c in type(thing).__mro__][:20]

    def show_shapes(self, thing: Any, kinds: Any) -> list[str]:
        """Canonical keys (kind of layer, name, shape) of the parameters alone, sorted, duplicates kept."""
        slots = {key: tensor for key, tensor in _slots(_as_module(thing), None).items() if self.counts(key)}
        return sorted(key.partition("#")[0] for key, tensor in slots.items() if isinstance(tensor, nn.Parameter))

    def show_parts(self, thing: Any, kinds: list[str] | None) -> list[str]:
        """The modules inside of the student's classes `kinds`, each by how it was made or by its size; sorted."""
        classes = self.classes(kinds)
        found = [module for module in _as_module(thing).modules() if isinstance(module, classes)][:MAX_ITEMS]
        sizes = [sum(tensor.numel() for tensor in part.parameters()) for part in found]
        return sorted(str(getattr(part, "made", f"{size} parameters")) for part, size in zip(found, sizes, strict=True))

    def show_outside(self, thing: Any, kinds: list[str] | None) -> list[str]:
        """As `shapes`, without the parameters inside of the student's classes `kinds`."""
        classes = self.classes(kinds)
        inner = [part for part in _as_module(thing).modules() if isinstance(part, classes)]
        theirs = [shape for part in inner for shape in self.show_shapes(part, None)]
        return sorted((Counter(self.show_shapes(thing, None)) - Counter(theirs)).elements())

    def show_changed(self, thing: Any, kinds: Any) -> dict[str, str]:
        """Of a filled module: canonical key of each tensor whose values have changed since → what they are now."""
        tensors = dict([*_as_module(thing).named_parameters(), *thing.named_buffers()])
        found = {}
        for name, (key, value, _) in self.before[id(thing)].items():
            now = tensors.get(name)
            if now is None or now.shape != value.shape or not torch.equal(now.detach(), value):
                found[key] = "zero" if now is not None and not now.detach().any() else "other values"
        return found

    def show_kept(self, thing: Any, kinds: Any) -> bool:
        """Are parameters and buffers of a filled module still the same objects, with the same `requires_grad`?"""
        tensors = dict([*_as_module(thing).named_parameters(), *thing.named_buffers()])
        before = self.before[id(thing)]
        same = {id(tensor) for tensor in self.slots[id(thing)].values()}
        return all(
            name in tensors and id(tensors[name]) in same and _requires_grad(tensors[name]) == flag
            for name, (_, _, flag) in before.items()
        )

    def show_touched(self, thing: Any, kinds: Any) -> bool:
        """Has any tensor of a filled module other values since?"""
        return bool(self.show_changed(thing, kinds))

    def show_parameters(self, thing: Any, kinds: Any) -> dict[str, Any]:
        return {k: _array(t) for k, t in self.keyed(thing).items() if isinstance(t, nn.Parameter)}

    def show_buffers(self, thing: Any, kinds: Any) -> dict[str, Any]:
        return {k: _array(t) for k, t in self.keyed(thing).items() if not isinstance(t, nn.Parameter)}

    def show_flags(self, thing: Any, kinds: Any) -> dict[str, bool]:
        return {k: _requires_grad(t) for k, t in self.keyed(thing).items() if isinstance(t, nn.Parameter)}

    def show_gradients(self, thing: Any, kinds: Any) -> dict[str, Any]:
        """The `.grad` that is left on each parameter, None where there is none."""
        found = {k: t.grad for k, t in self.keyed(thing).items() if isinstance(t, nn.Parameter)}
        return {k: None if grad is None else _array(grad) for k, grad in found.items()}

    def show_modes(self, thing: Any, kinds: list[str] | None) -> dict[str, bool]:
        """`training` of every module whose kind is in `kinds` (all when None); the whole model's is under `model`."""
        modes, counts = {"model": bool(_as_module(thing).training)}, dict[str, int]()
        for module in list(thing.modules())[1:MAX_ITEMS]:
            kind = _kind(module)
            if kinds is None or kind in kinds:
                modes[f"{kind}#{counts.get(kind, 0)}"] = bool(module.training)
                counts[kind] = counts.get(kind, 0) + 1
        return modes

    def show_frozen(self, thing: Any, kinds: Any) -> bool:
        """Is any parameter frozen?"""
        return not all(_requires_grad(parameter) for parameter in _as_module(thing).parameters())

    def show_owns(self, thing: Any, kinds: Any) -> bool:
        """Has the module any parameter that no other object has?"""
        others = [each for each in self.objects.values() if isinstance(each, nn.Module) and each is not thing]
        theirs = {id(parameter) for each in others for parameter in each.parameters()}
        return any(id(parameter) not in theirs for parameter in _as_module(thing).parameters())

    def show_uneven(self, thing: Any, kinds: Any) -> bool:
        """Is any module in another mode than the whole?"""
        return any(module.training != thing.training for module in _as_module(thing).modules())

    def show_norms(self, thing: Any, kinds: Any) -> list[str]:
        """The settings of each normalisation layer, sorted."""
        settings = ("eps", "momentum", "affine", "track_running_stats")
        found = [m for m in _as_module(thing).modules() if isinstance(m, nn.modules.batchnorm._NormBase)][:MAX_ITEMS]
        return sorted(", ".join(f"{name}={getattr(m, name, None)}" for name in settings) for m in found)

    def show_layers(self, thing: Any, kinds: list[str] | None) -> list[str]:
        """Kinds of the modules inside, sorted; with `kinds` only those."""
        found = [_kind(module) for module in _as_module(thing).modules()]
        return sorted(kind for kind in found if kinds is None or kind in kinds)[:MAX_ITEMS]

    def show_calls(self, thing: Any, kinds: Any) -> list[dict[str, Any]]:
        """How a fixture model was called: mode, whether gradients were on, batch size."""
        return self.records.get(id(thing), [])[:MAX_ITEMS]

    def show_groups(self, thing: Any, kinds: Any) -> dict[str, list[Any]]:
        """Of a list of optimiser groups: canonical key of each parameter → its learning rates, one per appearance."""
        names = {id(tensor): key for slots in self.slots.values() for key, tensor in slots.items()}
        found: dict[str, list[Any]] = {}
        for group in list(thing)[:MAX_ITEMS]:
            parameters = group["params"]
            for parameter in [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)[:MAX_ITEMS]:
                found.setdefault(names.get(id(parameter), "unknown"), []).append(describe(group.get("lr")))
        return found

    # --- values ------------------------------------------------------------------------------------------------------

    def build(self, value: Any) -> Any:
        """The Python object that a request's value stands for."""
        if isinstance(value, list):
            return [self.build(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "is" not in value:
            return {key: self.build(item) for key, item in value.items()}
        return getattr(self, "make_" + value["is"])(**{k: v for k, v in value.items() if k != "is"})

    def make_tensor(self, data: dict[str, Any], layout: str) -> torch.Tensor:
        return _lay_out(_tensor(data), layout)

    def make_ref(self, name: str) -> Any:
        return self.objects[name]

    def make_tuple(self, items: list[Any]) -> tuple[Any, ...]:
        return tuple(self.build(items))

    def make_side_by_side(self, items: list[Any]) -> nn.Module:
        return _SideBySide(self.build(items))

    def make_construct(self, call: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return self.student(call)(*self.build(args), **self.build(kwargs))

    def make_fixture(self, fixture: str, options: dict[str, Any], seed: int, mode: str, frozen: list[str]) -> nn.Module:
        """A model of the small vocabulary below, filled from `seed`; `frozen` are prefixes of parameter names."""
        model = FIXTURES[fixture](**options)
        self.slots[id(model)] = slots = _slots(model, None)
        with torch.no_grad():
            for key, tensor in slots.items():
                tensor.copy_(_fresh(key, tensor, seed))
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(not any(name.startswith(prefix) for prefix in frozen))
        records = self.records[id(model)] = []
        model.register_forward_pre_hook(lambda module, inputs: _record(records, module, inputs))
        return model.train(mode == "train")

    def make_loader(self, x: dict[str, Any], y: dict[str, Any], batch: int, form: str, turn: int = 0) -> Any:
        """(images, labels) batches in order, the last one smaller: a list, a real DataLoader, or a stream.

        A stream can be read once, so that whoever goes through the loader twice is seen.
        """
        images, labels = _tensor(x), _tensor(y)
        if turn:
            images, labels = images.roll(turn, 0), (labels + turn) % (int(labels.max()) + 1)
        if form == "dataloader":
            dataset = torch.utils.data.TensorDataset(images, labels)
            return torch.utils.data.DataLoader(dataset, batch_size=batch)
        batches = [(images[i : i + batch], labels[i : i + batch]) for i in range(0, len(images), batch)]
        return iter(batches) if form == "stream" else batches

    def make_optimizer(self, optimizer: str, of: str, options: dict[str, Any]) -> torch.optim.Optimizer:
        trainable = [p for p in self.module(of).parameters() if _requires_grad(p)]
        return getattr(torch.optim, optimizer)(trainable, **options)

    # --- helpers -----------------------------------------------------------------------------------------------------

    def student(self, name: str) -> Callable[..., Any]:
        if name not in self.namespace:
            raise NameError(f"name '{name}' is not defined")
        return self.namespace[name]

    def classes(self, names: list[str] | None) -> tuple[type, ...]:
        found = [self.student(name) for name in names or ()]
        return tuple(cls for cls in found if isinstance(cls, type))

    def module(self, name: str) -> nn.Module:
        return _as_module(self.objects[name])

    def keyed(self, model: nn.Module) -> dict[str, torch.Tensor]:
        """The model's tensors by canonical key, as they were when it was filled, else by registration."""
        slots = self.slots.get(id(model)) or _slots(_as_module(model), None)
        return {key: tensor for key, tensor in slots.items() if self.counts(key)}

    def counts(self, key: str) -> bool:
        """Is the tensor under this canonical key compared? Neutral ones are not."""
        return key.partition("|")[0] not in self.neutral


# --- the student's layers, named freely: canonical keys and fresh values ---------------------------------------------


def _slots(model: nn.Module, units: dict[int, tuple[int, str]] | None) -> dict[str, torch.Tensor]:
    """Parameters and buffers by canonical key `kind.name|shape@unit#count`, whatever the student called the layers.

    `units` (from `_use_order`) maps the id of a module to its place in the order of use and to the layer that feeds it,
    which the key then names; modules that it lacks come after, in the order of registration. Shared tensors count once.
    """
    modules = list(model.modules())
    if units is not None:
        modules.sort(key=lambda module: units.get(id(module), (len(units), ""))[0])
    counts: dict[str, int] = {}
    slots: dict[str, torch.Tensor] = {}
    seen: set[int] = set()
    for module in modules:
        unit = "" if units is None or id(module) not in units else units[id(module)][1]
        for name, tensor in [*module._parameters.items(), *module._buffers.items()]:
            if tensor is None or id(tensor) in seen:
                continue
            seen.add(id(tensor))
            kind = _kind(module)
            owner = f"{kind}.{name}" if kind in nn.__dict__ and not isinstance(module, nn.Sequential) else "tensor"
            key = f"{owner}|{'x'.join(map(str, tensor.shape))}{unit}"
            slots[f"{key}#{counts.get(key, 0)}"] = tensor
            counts[key] = counts.get(key, 0) + 1
    return slots


def _state(model: nn.Module, slots: dict[str, torch.Tensor]) -> dict[str, tuple[str, torch.Tensor, bool]]:
    """Of each tensor of a filled module by name: its canonical key, a copy of its values, `requires_grad`."""
    keys = {id(tensor): key for key, tensor in slots.items()}
    named = [*model.named_parameters(), *model.named_buffers()]
    return {n: (keys[id(t)], t.detach().clone(), _requires_grad(t)) for n, t in named if id(t) in keys}


def _use_order(model: nn.Module, sample: list[Any]) -> dict[int, tuple[int, str]]:
    """For each layer that owns tensors: its place in the order of use, and `@` plus the layer that feeds it directly.

    Two 3×3 convolutions of a residual block are told apart by their order of use, the shortcut's normalisation from the
    body's by the convolution that feeds it; so a student may define and name them in any order.
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
        with torch.no_grad(), contextlib.suppress(Exception):  # what was used until a crash has its order, too
            model.eval()(*sample)
    finally:
        for hook in hooks:
            hook.remove()
        for module, mode in training:
            module.training = mode
    return order


def _fresh(key: str, tensor: torch.Tensor, seed: int) -> torch.Tensor:
    """A value for the tensor under `key`: the same on both sides, of a size that keeps activations near 1."""
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


def _kind(module: nn.Module) -> str:
    """Name of the nearest torch class: a student's own subclass of `nn.Conv2d` is a `Conv2d`."""
    for cls in type(module).__mro__:
        if cls.__module__.startswith("torch.nn.modules"):
            return cls.__name__
    return "Module"


def _as_module(thing: Any) -> nn.Module:
    if not isinstance(thing, nn.Module):
        raise TypeError(f"expected an nn.Module, got {type(thing).__name__}")
    return thing


def _record(records: list[dict[str, Any]], module: nn.Module, inputs: tuple[Any, ...]) -> None:
    if len(records) < MAX_ITEMS:
        size = inputs[0].shape[0] if inputs and isinstance(inputs[0], torch.Tensor) and inputs[0].dim() else 0
        records.append({"training": bool(module.training), "grad": torch.is_grad_enabled(), "batch": int(size)})


# --- fixtures: small models described by numbers ----------------------------------------------------------------------


class _ConvNet(nn.Module):
    """conv(3×3)[-bn]-relu per entry of `channels` after the first, stride `stride` from the second on; GAP; a head.

    `head`: "linear", "sequential" (dropout, linear), "deep" (linear, relu, linear), "none" (the feature map itself is
    returned). `names` are the attributes under which features and head are found, since students must not rely on them.
    """

    def __init__(
        self,
        channels: list[int],
        classes: int = 0,
        norm: bool = False,
        head: str = "linear",
        stride: int = 2,
        dropout: float = 0.0,
        names: tuple[str, str] = ("features", "head"),
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for index, (inside, outside) in enumerate(itertools.pairwise(channels)):
            layers.append(nn.Conv2d(inside, outside, 3, stride if index else 1, 1, bias=not norm))
            layers += [nn.BatchNorm2d(outside)] if norm else []
            layers.append(nn.ReLU())
        self.names = tuple(names)
        setattr(self, names[0], nn.Sequential(*layers))
        width = channels[-1]
        heads: dict[str, Callable[[], nn.Module]] = {
            "linear": lambda: nn.Linear(width, classes),
            "sequential": lambda: nn.Sequential(nn.Dropout(dropout), nn.Linear(width, classes)),
            "deep": lambda: nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, classes)),
        }
        if head != "none":
            setattr(self, names[1], heads[head]())

    def forward(self, x: torch.Tensor) -> torch.Tensor:  # (N, C, H, W) -> (N, classes), or (N, C', H', W') without head
        x = getattr(self, self.names[0])(x)
        head = getattr(self, self.names[1], None)
        return x if head is None else head(x.mean(dim=(2, 3)))


def _mlp(features: list[int], norm: bool = False, dropout: float = 0.0) -> nn.Module:
    """Flatten, then linear[-bn]-relu[-dropout] layers, the last one bare."""
    layers: list[nn.Module] = [nn.Flatten()]
    for index, (inside, outside) in enumerate(itertools.pairwise(features)):
        layers.append(nn.Linear(inside, outside))
        if index < len(features) - 2:
            layers += [nn.BatchNorm1d(outside)] if norm else []
            layers += [nn.ReLU()] + ([nn.Dropout(dropout)] if dropout else [])
    return nn.Sequential(*layers)


def _chain(layers: list[Any], tied: list[list[int]] | None = None) -> nn.Module:
    """`nn.Sequential` of layers, each `[name in nn, arguments…]`, or a list of such for one inside.

    `tied`: [later, earlier] positions of layers that share their weight.
    """
    built = [_chain(layer) if isinstance(layer[0], list) else getattr(nn, layer[0])(*layer[1:]) for layer in layers]
    for later, earlier in tied or ():
        built[later].weight = built[earlier].weight
    return nn.Sequential(*built)


FIXTURES: dict[str, Callable[..., nn.Module]] = {"convnet": _ConvNet, "mlp": _mlp, "chain": _chain}


class _SideBySide(nn.ModuleList):
    """Modules that are given the same input; one that crashes does not keep it from the others."""

    def forward(self, x: torch.Tensor) -> None:
        for part in self:
            with contextlib.suppress(Exception):
                part(x)


class _Strided(nn.Module):
    """Stands in for a residual block, and is none: a 1×1 convolution with the wanted channels and stride, then ReLU."""

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.made = f"{in_channels} to {out_channels} channels, stride {stride}"
        self.conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:  # (N, C, H, W) -> (N, C', H', W')
        return self.conv(x).relu()


STAND_INS: dict[str, type[nn.Module]] = {"strided": _Strided}


# --- tensors ---------------------------------------------------------------------------------------------------------


def _tensor(data: dict[str, Any]) -> torch.Tensor:
    """A fresh contiguous tensor from a plain array."""
    dtype = _DTYPES[data["array"]]
    if not data["data"]:
        return torch.empty(data["shape"], dtype=dtype)
    return torch.frombuffer(bytearray(data["data"]), dtype=dtype).reshape(data["shape"])


def _array(tensor: torch.Tensor) -> dict[str, Any]:
    """The plain array of a dense CPU or accelerator tensor."""
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    data = ctypes.string_at(flat.data_ptr(), flat.numel() * flat.element_size()) if flat.numel() else b""
    return {"array": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape), "data": data}


def _lay_out(tensor: torch.Tensor, layout: str) -> torch.Tensor:
    """The same values with other strides."""
    if layout == "channels_last" and tensor.dim() == 4:
        return tensor.contiguous(memory_format=torch.channels_last)
    if layout == "transposed" and tensor.dim() >= 2:
        return tensor.transpose(-1, -2).contiguous().transpose(-1, -2)
    if layout == "sliced" and tensor.dim():
        room = torch.full((*tensor.shape[:-1], 2 * tensor.shape[-1] + 1), 99).to(tensor.dtype)
        room[..., 1::2] = tensor
        return room[..., 1::2]
    if layout == "expanded" and tensor.dim():
        return tensor[:1].expand(tensor.shape)
    return tensor


def _noise(like: torch.Tensor, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed % 2**62)
    return torch.randn(like.shape, generator=generator, dtype=torch.float64).to(like.dtype)


def _requires_grad(tensor: torch.Tensor, read: Callable[..., Any] = torch.Tensor.requires_grad.__get__) -> bool:  # type: ignore[attr-defined]
    """The flag itself, whatever a subclass says of it."""
    with torch._C.DisableTorchFunctionSubclass():
        return bool(read(tensor))


def _gradients(result: Any, leaves: list[torch.Tensor], seed: int) -> list[Any] | None:
    """Gradients of `leaves`, for a drawn grad_out of each tensor in `result`; None when none is differentiable."""
    outputs = [r for r in (result if isinstance(result, (tuple, list)) else [result]) if isinstance(r, torch.Tensor)]
    outputs = [output for output in outputs if _requires_grad(output)]
    if not outputs:
        return None
    weights = [_noise(output, seed + index) for index, output in enumerate(outputs)]
    found = torch.autograd.grad(outputs, leaves, weights, allow_unused=True)
    return [None if grad is None else _array(grad) for grad in found]


def describe(value: Any, depth: int = 0) -> dict[str, Any]:
    """What a value is, as plain data: exact types only, so that a lying subclass shows up as what it is."""
    kind = type(value)
    if value is None or kind is bool or kind is float:
        return {"t": "none" if value is None else kind.__name__, "v": value}
    if kind is int and abs(value) < 2**62:
        return {"t": "int", "v": value}
    if kind.__module__ == "numpy" and (number := _numpy_number(value)) is not None:
        return describe(number)
    if kind is str:
        return {"t": "str", "v": value[:MAX_TEXT]}
    if (kind is torch.Tensor or kind is nn.Parameter) and value.layout is torch.strided and value.dtype in _DTYPES.values() and value.device.type != "meta":  # fmt: skip  # noqa: E501
        return {"t": "tensor", "type": kind.__name__, "v": _array(value), "grad": _requires_grad(value)}
    if _is_named_tuple(kind):
        return describe(tuple.__getitem__(value, slice(None)), depth)
    if (kind is list or kind is tuple) and depth < MAX_NESTING and len(value) <= MAX_ITEMS:
        return {"t": kind.__name__, "v": [describe(item, depth + 1) for item in value]}
    if kind is dict and depth < MAX_NESTING and len(value) <= MAX_ITEMS:
        return {"t": "dict", "v": [[describe(k, depth + 1), describe(v, depth + 1)] for k, v in value.items()]}
    return {"t": "other", "type": f"{kind.__module__}.{kind.__qualname__}"[:MAX_TEXT]}


def _numpy_number(value: Any) -> float | int | None:
    """NumPy's own whole and real numbers count as Python's."""
    numpy = sys.modules.get("numpy")
    if numpy is None or type(value) not in (numpy.float64, numpy.float32, numpy.int64, numpy.int32):
        return None
    return float(value) if isinstance(value, numpy.floating) else int(value)


def _is_named_tuple(kind: type) -> bool:
    """A class as `collections.namedtuple` and `typing.NamedTuple` make it; its items are read as a tuple's."""
    return kind.__bases__ == (tuple,) and isinstance(getattr(kind, "_fields", None), tuple)


def rebuild(described: dict[str, Any]) -> Any:
    """The value that `describe` described; None for what it could only name."""
    if described["t"] == "tensor":
        return _tensor(described["v"])
    if described["t"] in ("list", "tuple"):
        items = [rebuild(item) for item in described["v"]]
        return items if described["t"] == "list" else tuple(items)
    return described.get("v")


# --- errors ----------------------------------------------------------------------------------------------------------


def _describe_error(error: BaseException, step: int) -> dict[str, Any]:
    """Type, ancestors, message and the student's line; a hostile exception class cannot break it."""
    try:
        message = str(error)[:MAX_TEXT]
    except Exception:
        message = "(the exception's text cannot be read)"
    names = [cls.__name__ for cls in type(error).__mro__][:20]
    return {"step": step, "type": type(error).__name__, "mro": names, "message": message, "line": _student_line(error)}


def _student_line(error: BaseException) -> str:
    """The last line of the traceback that lies in a notebook cell, as text; empty when it cannot be had."""
    found = ""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "ipykernel" in name or name.startswith("<"):
            with contextlib.suppress(Exception):
                lines, start = inspect.getsourcelines(trace.tb_frame.f_code)
                found = lines[max(0, trace.tb_lineno - max(start, 1))].strip()[:MAX_TEXT]
        trace = trace.tb_next
    return found
