"""Fresh but repeatable inputs: all that is random follows from (course secret, submission,
exercise, test, case).

So nobody can know the inputs before handing in, a regrade draws the same ones, and identical
hand-ins are asked identical questions.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import numpy as np

from autograder.cases import Span, Tensor

_NUMPY_DTYPES = {"bfloat16": "float32"}  # numpy lacks it: drawn as float32, cut to its upper half


def case_seed(secret: bytes, submission: str, *names: str) -> int:
    """A 63-bit seed from the secret, the submission's hash and the names of exercise, test and
    case.
    """
    text = "\0".join([submission, *names]).encode("utf-8", "surrogatepass")
    return (
        int.from_bytes(hmac.new(secret or b"no secret", text, hashlib.sha256).digest()[:8], "big")
        >> 1
    )


class Draw:
    """Numbers of one case, in the order in which they are asked for."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.Generator(np.random.PCG64(seed))

    def seed(self) -> int:
        """A seed below 2**62 for the probe's own draws (weights, grad_out)."""
        return int(self._rng.integers(2**62))

    def factor(self) -> float:
        """A factor away from 0 and 1 by which a watched function's result is scaled."""
        return float(self._rng.uniform(2.0, 5.0))

    def whole(self, span: Span) -> int:
        return int(self._rng.integers(span.low, span.high + 1))

    def array(self, spec: Tensor) -> dict[str, Any]:
        """The plain array (see `wire`) for a tensor spec."""
        shape = [self.whole(size) if isinstance(size, Span) else size for size in spec.shape]
        drawn_shape = [1, *shape[1:]] if spec.layout == "expanded" and shape and shape[0] else shape
        numbers = np.broadcast_to(self._numbers(spec, drawn_shape), shape)
        if spec.corners:
            numbers = numbers.copy()
            for entry, (height, width) in zip(numbers, spec.corners, strict=True):
                entry[..., height:, :] = entry[..., width:] = spec.beyond
        return plain_array(numbers, spec.dtype)

    def _numbers(self, spec: Tensor, shape: list[int]) -> np.ndarray:
        size = int(np.prod(shape))
        if spec.values == "uniform":
            numbers = self._rng.uniform(spec.low, spec.high, size)
        elif spec.values == "integers":
            numbers = self._rng.integers(int(spec.low), int(spec.high), size).astype(np.float64)
        # few distinct values, so that every window holds its maximum more than once
        elif spec.values == "ties":
            numbers = self._rng.integers(0, 3, size).astype(np.float64)
        elif spec.values == "arange":
            numbers = np.arange(size, dtype=np.float64)
        elif spec.values == "permutation":  # all different, so that a maximum is unique
            numbers = self._rng.permutation(size).astype(np.float64)
        elif spec.values == "constant":
            numbers = np.full(size, self._rng.uniform(1, 2))
        else:
            numbers = self._rng.standard_normal(size)
        return (numbers * spec.scale + spec.offset).reshape(shape)


def plain_array(numbers: np.ndarray, dtype: str) -> dict[str, Any]:
    """`numbers` as a plain array of the torch dtype called `dtype`."""
    cast = np.ascontiguousarray(numbers).astype(_NUMPY_DTYPES.get(dtype, dtype))
    data = cast.tobytes()
    if dtype == "bfloat16":  # upper half of each little-endian float32
        data = np.frombuffer(data, "<u2")[1::2].tobytes()
    return {"array": dtype, "shape": list(numbers.shape), "data": data}


def to_numpy(array: dict[str, Any]) -> np.ndarray:
    """The numbers of a plain array that `wire.check_array` accepted."""
    dtype, shape, data = array["array"], array["shape"], array["data"]
    if dtype == "bfloat16":
        wide = np.zeros(2 * (len(data) // 2), "<u2")
        wide[1::2] = np.frombuffer(data, "<u2")
        return np.frombuffer(wide.tobytes(), "<f4").reshape(shape)
    return np.frombuffer(data, np.dtype(dtype)).reshape(shape)
