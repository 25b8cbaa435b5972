"""Known global state for a question, and simple classes in the place of the student's own; put back
afterwards.
"""

from __future__ import annotations

import contextlib
import random
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.random import mtrand
from torch import nn

from .fixtures import STAND_INS

_GENERATOR = np.random.MT19937(0)  # NumPy's global one while a question is answered


def _default_device() -> Any:
    """The device that `torch.set_default_device` set; None without one. A device that is not there
    is one, too.
    """
    mode = getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)
    return None if mode is None else mode.device


# What a student's cells may have changed for the whole process: how to read it, to set it, and what
# it is for a question. `warnings` are dealt with apart.
_GLOBAL_STATE: list[tuple[Callable[[], Any], Callable[[Any], Any], Any]] = [
    (_default_device, torch.set_default_device, None),
    (torch.get_default_dtype, torch.set_default_dtype, torch.float32),
    (torch.is_grad_enabled, torch._C._set_grad_enabled, True),
    (torch.get_deterministic_debug_mode, torch.set_deterministic_debug_mode, 0),
    (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly, False),
    (torch.get_float32_matmul_precision, torch.set_float32_matmul_precision, "highest"),
    (
        lambda: torch.is_autocast_enabled("cpu"),
        lambda on: torch.set_autocast_enabled("cpu", on),
        False,
    ),
]


@contextlib.contextmanager
def clean_state(seed: int) -> Iterator[None]:
    """Known global state for a question, whatever the student's cells left behind; put back
    afterwards.
    """
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
            # `torch.manual_seed` would queue a call for every absent GPU
            torch.default_generator.manual_seed(seed)
            random.seed(seed)
            # a hundred times as fast as to read the state and to set it
            mtrand.set_bit_generator(_GENERATOR)
            np.random.seed(seed % 2**32)
            yield
        finally:
            for write, before in reversed(changed):
                write(before)
            np.seterr(**errors)
            mtrand.set_bit_generator(arrays)
            torch.set_rng_state(drawn)
            random.setstate(numbers)


@contextlib.contextmanager
def stand_ins(namespace: dict[str, Any], wanted: dict[str, str]) -> Iterator[None]:
    """Simple classes in the place of some of the namespace's own, so that one mistake does not sink
    what uses it.
    """
    before = {name: namespace[name] for name in wanted if name in namespace}
    try:
        namespace.update(
            {name: _stand_in(STAND_INS[kind], before.get(name)) for name, kind in wanted.items()}
        )
        yield
    finally:
        for name in wanted:
            namespace.pop(name, None)
        namespace.update(before)


def _stand_in(simple: type[nn.Module], own: Any) -> type[nn.Module]:
    """The simple class with the constants of the student's own (`expansion = 1`), which other code
    may read.
    """
    constants = {
        name: value
        for name, value in (vars(own) if isinstance(own, type) else {}).items()
        if not name.startswith("__")
        and type(value) in (int, float, bool, str, tuple)
        and not hasattr(simple, name)
    }
    return type(simple.__name__, (simple,), constants)
