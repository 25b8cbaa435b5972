"""Stands between torch's operators and their kernels: some are refused, some give an altered
result.

Theory of operation. Runs in the STUDENT's process, beside `probe`, and needs the standard library
and torch alone. Kernels are replaced at torch's dispatcher, for the whole process, while a question
is answered; so an operator is met by whatever way it is called: function, method, module,
`torch.ops`, TorchScript, vmap, another thread, a custom operator's body or a hook. What is replaced
is put back before the reply is sent. What remains possible for somebody determined stands in
`THREATS.md`, "What route checks cannot see".
"""

from __future__ import annotations

import contextlib
import functools
import math
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from .change import change

_KEYS = (
    "CPU",
    "QuantizedCPU",
    "MkldnnCPU",
    "CUDA",
)
# What can make one number of many: operator → index of the item that is a mean, where it returns
# several.
_REDUCERS: dict[str, int | None] = {
    **dict.fromkeys(
        ("mean", "mean.dim", "sum", "sum.dim_IntList", "nansum", "cumsum", "prod", "prod.dim_int"),
        None,
    ),
    **dict.fromkeys(
        ("avg_pool1d", "avg_pool2d", "avg_pool3d", "adaptive_avg_pool2d", "_adaptive_avg_pool2d"),
        None,
    ),
    **dict.fromkeys(
        ("_adaptive_avg_pool3d", "mm", "bmm", "mv", "dot", "addmm", "baddbmm", "addmv"), None
    ),
    **dict.fromkeys(("convolution", "mkldnn_convolution", "upsample_bilinear2d", "_fft_r2c"), None),
    **dict.fromkeys(("var_mean.correction", "std_mean.correction"), 1),
}
_CONTRACTIONS = {
    "mm",
    "bmm",
    "mv",
    "dot",
    "addmm",
    "baddbmm",
    "addmv",
    "cumsum",
    "convolution",
    "mkldnn_convolution",
}
_POOLINGS = {"avg_pool2d": 2, "avg_pool3d": 3}  # with a divisor as the seventh argument: axes

_NEAR = 1e-9  # what still counts as equal where reductions are changed slightly
_COMPARISONS = ("equal", "eq.Tensor")

UNWATCHED = "torch.library"  # by which what watches was spoilt
_SAMPLES = {name: getattr(torch._C._nn, name) for name in ("avg_pool2d", "max_pool2d_with_indices")}


class Refused(RuntimeError):
    """An operator was called that the exercise asks the student to make."""


@contextlib.contextmanager
def refused(words: Sequence[str]) -> Iterator[list[str]]:
    """Every operator of torch with one of `words` in its name raises `Refused`. Yields the names of
    those called.

    A word is matched in lower case; one behind `!` spares the operators in whose names it is. About
    1 ms, where there are any. If operators that should be refused answer all the same, because a
    hand-in has spoilt what replaces them, `UNWATCHED` is among the names.
    """
    called: list[str] = []
    libraries: dict[str, torch.library.Library] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch tells that a kernel is replaced
            for name, key in _matching(tuple(words)):
                _replace(libraries, name, key, _refusal(name, called))
        called[:] = [UNWATCHED] if words and _answers(words) else []
        yield called
    finally:
        for library in libraries.values():
            library._destroy()


@contextlib.contextmanager
def altered(
    wanted: Sequence[str], scale: float, shift: float, slightly: bool = False
) -> Iterator[list[str]]:
    """Reductions give `scale` · result + `shift` if they are `wanted`, and something else again if
    they are not.

    So an answer comes out as that function of the right one only where a wanted operator made it of
    the input. A call that reduces nothing (a 1×1 window, a sum over an axis of length 1) is left
    alone. `slightly`: by `change(…, slightly=True)`, which double precision tells and no comparison
    does that code makes of two results, so that one which checks itself does not stop. Yields the
    names of the reductions in the order of their calls.
    """
    called: list[str] = []
    libraries: dict[str, torch.library.Library] = {}
    names = {word.partition(".")[0] for word in wanted}
    inside = _Inside()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # all of them before the first is replaced
            originals = {name: _original(name) for name in _REDUCERS}
            for name, original in originals.items():
                if original is not None:
                    mine, others = (
                        change(scale, shift, slightly),
                        change(-scale, shift + 7.0, slightly),
                    )
                    kernel = _Change(name, names, mine, others, original, inside, called)
                    _replace(libraries, f"aten::{name}", "CPU", kernel, with_keyset=True)
            for name in _COMPARISONS if slightly else ():
                if (original := _original(name)) is not None:
                    near = _Near(name, original)
                    _replace(libraries, f"aten::{name}", "CPU", near, with_keyset=True)
        with inside:
            yield called
    finally:
        for library in libraries.values():
            library._destroy()


def _answers(words: Sequence[str]) -> bool:
    """Does any operator answer that is refused?"""
    for name, function in _SAMPLES.items():
        if any(word in name for word in words):
            try:
                function(torch.zeros(1, 1, 1, 1, device="cpu", dtype=torch.float32), [1, 1])
            except Exception:  # `Refused`, or whatever else is no answer
                continue
            return True
    return False


class _Inside(TorchFunctionMode):
    """Which torch functions this thread is inside of: at the dispatcher, `adaptive_avg_pool2d` can
    be a `mean`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._local = threading.local()

    @property
    def names(self) -> list[str]:
        if not hasattr(self._local, "names"):
            self._local.names = []
        names: list[str] = self._local.names
        return names

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.append(str(getattr(func, "__name__", "")).strip("_"))
        try:
            return func(*args, **(kwargs or {}))
        finally:
            self.names.pop()


class _Change:
    """The kernel in an operator's place: the original's result, altered."""

    def __init__(
        self,
        name: str,
        wanted: set[str],
        change: tuple[float, float],
        others: tuple[float, float],
        original: Callable[..., Any],
        inside: _Inside,
        called: list[str],
    ) -> None:
        self.name, self.item, self.wanted, self.original = name, _REDUCERS[name], wanted, original
        self.change, self.others, self.inside, self.called = change, others, inside, called

    def __call__(self, keys: Any, *args: Any, **kwargs: Any) -> Any:
        result = self.original(keys, *args, **kwargs)
        if not self._reduces(args, result):
            return result
        base = self.name.partition(".")[0].strip("_")
        names = [name for name in self.inside.names if name in _FUNCTIONS] or [base]
        if len(self.called) < 200:
            self.called.append(names[0])
        mine = not self.wanted.isdisjoint(names[:1])
        scale, shift = self.change if mine else self.others
        shift *= self._share(args)
        if self.item is None:
            return _changed(result, scale, shift)
        items = list(result)
        items[self.item] = _changed(items[self.item], scale, shift)
        return tuple(items)

    def _share(self, args: tuple[Any, ...]) -> float:
        """How many times the mean the result is: a pooling may divide by another number than its
        window holds, and the student makes a mean of it afterwards.
        """
        axes = _POOLINGS.get(self.name, 0)
        divisor = args[6] if axes and len(args) > 6 else None
        if not divisor:
            return 1.0
        window = list(args[1])
        sides: list[int] = window if len(window) == axes else window * axes
        return math.prod(sides) / int(divisor)

    def _reduces(self, args: tuple[Any, ...], result: Any) -> bool:
        if self.name in _CONTRACTIONS:
            return True
        out = result if self.item is None else result[self.item]
        return bool(args) and isinstance(args[0], torch.Tensor) and out.numel() < args[0].numel()


class _Near:
    """The kernel in a comparison's place: what is equal to the last digits but a few is equal."""

    def __init__(self, name: str, original: Callable[..., Any]) -> None:
        self.name, self.original = name, original

    def __call__(self, keys: Any, one: torch.Tensor, other: torch.Tensor) -> Any:
        result = self.original(keys, one, other)
        whole = self.name == "equal"
        if not (one.is_floating_point() and other.is_floating_point()) or (
            whole and (result or one.shape != other.shape)
        ):
            return result
        near = (one - other).abs() <= _NEAR * other.abs()
        return bool(near.all()) if whole else result | near


_FUNCTIONS = {name.partition(".")[0].strip("_") for name in _REDUCERS} | {
    "adaptive_avg_pool1d",
    "adaptive_avg_pool3d",
}


def _changed(result: Any, scale: float, shift: float) -> Any:
    if isinstance(result, torch.Tensor) and result.is_floating_point():
        return result * scale + shift
    return result


def _refusal(name: str, called: list[str]) -> Callable[..., Any]:
    short = name.partition("::")[2].partition(".")[0]

    def refuse(*args: Any, **kwargs: Any) -> Any:
        if len(called) < 20:
            called.append(short)
        raise Refused(short)

    return refuse


def _replace(
    libraries: dict[str, torch.library.Library],
    name: str,
    key: str,
    kernel: Callable[..., Any],
    with_keyset: bool = False,
) -> None:
    space, _, operator = name.partition("::")
    if space not in libraries:
        libraries[space] = torch.library.Library(space, "IMPL")
    libraries[space].impl(operator, kernel, key, with_keyset=with_keyset, allow_override=True)


@functools.cache
def _matching(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Operators of torch's own libraries with one of the words in their name, each with the keys to
    be replaced.
    """
    known = torch._C._dispatch_get_all_op_names() if words else []
    names = [name for name in known if name.startswith(("aten::", "quantized::"))]
    spared = [word[1:] for word in words if word.startswith("!")]
    names = [name for name in names if any(word in name.lower() for word in words)]
    names = [name for name in names if not any(word in name.lower() for word in spared)]
    has = torch._C._dispatch_has_kernel_for_dispatch_key
    found = [(name, key) for name in names for key in _KEYS if has(name, key)]
    made_of_others = [
        name for name in names if "." not in name and has(name, "CompositeImplicitAutograd")
    ]
    return found + [(name, "CPU") for name in made_of_others if not has(name, "CPU")]


def _original(name: str) -> Callable[..., Any] | None:
    """The kernel that runs on a CPU, as a function of (dispatch keys, arguments); None where there
    is none.
    """
    # made of others, one level below: this is what its own source does
    if name == "adaptive_avg_pool2d":
        mean, general = _original("mean.dim"), _original("_adaptive_avg_pool2d")
        assert mean is not None and general is not None

        def adaptive(keys: Any, x: torch.Tensor, size: Sequence[int]) -> Any:
            return (
                mean(keys, x, [-1, -2], True) if tuple(size) == (1, 1) else general(keys, x, size)
            )

        return adaptive
    try:
        return torch.library.get_kernel(f"aten::{name}", "CPU").call_boxed
    except RuntimeError:
        return None
