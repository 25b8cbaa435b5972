"""The objects of one request: how they are built from its values, and how their tensors are
called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from .describe import MAX_ITEMS
from .fixtures import FIXTURES, SideBySide
from .messages import Array, Plain, Request
from .slots import as_module, fresh_value, slots_of
from .tensors import lay_out, requires_grad, tensor_of


class Bench:
    """The objects of one request, for its steps to work on; `results`: one per step so far."""

    def __init__(self, request: Request, namespace: dict[str, Any]) -> None:
        self.request, self.namespace, self.align, self.seed = (
            request,
            namespace,
            request["align"],
            request["seed"],
        )
        self.neutral = set(request.get("neutral", ()))
        self.objects: dict[str, Any] = {}
        self.specs: dict[str, Any] = {}  # what each was made from
        # id of a filled module → see `state_of`
        self.before: dict[int, dict[str, tuple[str, torch.Tensor, bool]]] = {}
        # id of a filled module → its tensors by canonical key
        self.slots: dict[int, dict[str, torch.Tensor]] = {}
        # id of a fixture model → its forward calls
        self.records: dict[int, list[dict[str, Any]]] = {}
        self.results: list[Any] = []

    def make(self, name: str, value: Plain) -> None:
        """Build the object called `name`."""
        self.objects[name], self.specs[name] = self.build(value), value

    def build(self, value: Plain) -> Any:
        """The Python object that a request's value stands for."""
        if isinstance(value, list):
            return [self.build(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "is" not in value:
            return {key: self.build(item) for key, item in value.items()}
        # What is built differs by `is`: the methods below.
        return getattr(self, f"_{value['is']!s}")(**{k: v for k, v in value.items() if k != "is"})

    def _tensor(self, data: Array, layout: str) -> torch.Tensor:
        return lay_out(tensor_of(data), layout)

    def _ref(self, name: str) -> Any:
        return self.objects[name]

    def _tuple(self, items: list[Plain]) -> tuple[Any, ...]:
        return tuple(self.build(items))

    def _side_by_side(self, items: list[Plain]) -> nn.Module:
        return SideBySide(self.build(items))

    def _construct(self, call: str, args: list[Plain], kwargs: dict[str, Plain]) -> Any:
        return self.student(call)(*self.build(args), **self.build(kwargs))

    def _fixture(
        self,
        fixture: str,
        options: dict[str, Any],
        seed: int,
        mode: str,
        frozen: list[str],
        asleep: Sequence[str] = (),
        stale: bool = False,
    ) -> nn.Module:
        """A model of the vocabulary of `fixtures`, filled from `seed`; `frozen` are prefixes of
        parameter names, `asleep` names of modules that are in eval mode whatever `mode` is. Where
        it is `stale`, what requires grad has a gradient of ones, left by an earlier training.
        """
        model = FIXTURES[fixture](**options)
        self.slots[id(model)] = slots = slots_of(model, None)
        with torch.no_grad():
            for key, tensor in slots.items():
                tensor.copy_(fresh_value(key, tensor, seed))
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(not any(name.startswith(prefix) for prefix in frozen))
            if stale and parameter.requires_grad:
                parameter.grad = torch.ones_like(parameter)
        records = self.records[id(model)] = []
        model.register_forward_pre_hook(lambda module, inputs: _record(records, module, inputs))
        model.train(mode == "train")
        for name in asleep:
            model.get_submodule(name).eval()
        return model

    def _loader(self, x: Array, y: Array, batch: int, form: str, turn: int = 0) -> Any:
        """(images, labels) batches in order, the last one smaller: a list, a real DataLoader, or a
        stream.

        A stream can be read once, so that whoever goes through the loader twice is seen.
        """
        images, labels = tensor_of(x), tensor_of(y)
        if turn:
            images, labels = images.roll(turn, 0), (labels + turn) % (int(labels.max()) + 1)
        if form == "dataloader":
            dataset = torch.utils.data.TensorDataset(images, labels)
            return torch.utils.data.DataLoader(dataset, batch_size=batch)
        batches = [
            (images[i : i + batch], labels[i : i + batch]) for i in range(0, len(images), batch)
        ]
        return iter(batches) if form == "stream" else batches

    def _optimizer(self, optimizer: str, of: str, options: dict[str, Any]) -> torch.optim.Optimizer:
        trainable = [p for p in self.module(of).parameters() if requires_grad(p)]
        made: torch.optim.Optimizer = getattr(torch.optim, optimizer)(trainable, **options)
        return made

    def student(self, name: str) -> Callable[..., Any]:
        if name not in self.namespace:
            raise NameError(f"name '{name}' is not defined")
        found: Callable[..., Any] = self.namespace[name]
        return found

    def classes(self, names: list[str] | None) -> tuple[type, ...]:
        found = [self.student(name) for name in names or ()]
        return tuple(cls for cls in found if isinstance(cls, type))

    def module(self, name: str) -> nn.Module:
        return as_module(self.objects[name])

    def keyed(self, model: nn.Module) -> dict[str, torch.Tensor]:
        """The model's tensors by canonical key, as they were when it was filled, else by
        registration.
        """
        slots = self.slots.get(id(model)) or slots_of(as_module(model), None)
        return {key: tensor for key, tensor in slots.items() if self.counts(key)}

    def counts(self, key: str) -> bool:
        """Is the tensor under this canonical key compared? Neutral ones are not."""
        return key.partition("|")[0] not in self.neutral


def _record(records: list[dict[str, Any]], module: nn.Module, inputs: tuple[Any, ...]) -> None:
    if len(records) < MAX_ITEMS:
        size = (
            inputs[0].shape[0]
            if inputs and isinstance(inputs[0], torch.Tensor) and inputs[0].dim()
            else 0
        )
        records.append(
            {"training": bool(module.training), "grad": torch.is_grad_enabled(), "batch": int(size)}
        )
