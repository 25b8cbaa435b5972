"""Tensors as plain arrays and back; noise, gradients and flags that depend on nothing of the
student's.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import torch

from .messages import Array

_NUMBER_TYPES = (
    torch.float16, torch.bfloat16, torch.float32, torch.float64,
    torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64, torch.bool,
    torch.complex64, torch.complex128,
)  # fmt: skip
DTYPES = {str(dtype).removeprefix("torch."): dtype for dtype in _NUMBER_TYPES}


def tensor_of(data: Array) -> torch.Tensor:
    """A fresh contiguous tensor from a plain array."""
    dtype = DTYPES[data["array"]]
    if not data["data"]:
        return torch.empty(data["shape"], dtype=dtype)
    return torch.frombuffer(bytearray(data["data"]), dtype=dtype).reshape(data["shape"])


def array_of(tensor: torch.Tensor) -> Array:
    """The plain array of a dense CPU or accelerator tensor."""
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    data = (
        ctypes.string_at(flat.data_ptr(), flat.numel() * flat.element_size())
        if flat.numel()
        else b""
    )
    return {
        "array": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "data": data,
    }


def lay_out(tensor: torch.Tensor, layout: str) -> torch.Tensor:
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


def in_double(value: Any) -> Any:
    """A tensor of floats in double precision; other values as they are."""
    floats = isinstance(value, torch.Tensor) and value.is_floating_point()
    return value.double() if floats else value


def noise_like(like: torch.Tensor, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed % 2**62)
    return torch.randn(like.shape, generator=generator, dtype=torch.float64).to(like.dtype)


_FLAG: Callable[..., Any] = torch.Tensor.requires_grad.__get__  # type: ignore[attr-defined]


def requires_grad(tensor: torch.Tensor, read: Callable[..., Any] = _FLAG) -> bool:
    """The flag itself, whatever a subclass says of it."""
    with torch._C.DisableTorchFunctionSubclass():
        return bool(read(tensor))


class _Weighed(torch.autograd.Function):
    """A number whose gradient with respect to each tensor is that tensor's weight. Asked for the
    gradients of tensors with weights, torch imports sympy to compare sizes: a third of a second of
    each worker.
    """

    @staticmethod
    def forward(ctx: Any, weights: list[torch.Tensor], *outputs: torch.Tensor) -> torch.Tensor:
        ctx.weights = weights
        return torch.zeros(())

    @staticmethod
    def backward(ctx: Any, *_: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        return None, *ctx.weights


def gradients_of(result: Any, leaves: list[torch.Tensor], seed: int) -> list[Array | None] | None:
    """Gradients of `leaves`, for a drawn grad_out of each tensor in `result`; None when none is
    differentiable.
    """
    outputs = [
        r
        for r in (result if isinstance(result, (tuple, list)) else [result])
        if isinstance(r, torch.Tensor)
    ]
    outputs = [output for output in outputs if requires_grad(output)]
    if not outputs:
        return None
    weights = [noise_like(output, seed + index) for index, output in enumerate(outputs)]
    total = _Weighed.apply(weights, *outputs)  # type: ignore[no-untyped-call]
    found = torch.autograd.grad(total, leaves, allow_unused=True)
    return [None if grad is None else array_of(grad) for grad in found]
