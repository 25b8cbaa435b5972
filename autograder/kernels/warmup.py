"""What a fork server imports before its first kernel, so that no kernel has to."""

import contextlib
import gc
import importlib
import json
import os
import sys

from autograder.kernels import child, inmemory, seeding

_BASE_MODULES = [
    "ipykernel.kernelapp", "ipykernel.ipkernel", "IPython.core.completer", "IPython.core.debugger",
    "IPython.core.oinspect", "stack_data", "pygments.formatters.terminal256",
]  # fmt: skip


def _load(modules: list[str]) -> None:
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _rehearse(jupyter: bool) -> list[str]:
    """Run a kernel's start and a few cells in a throw-away child; return the modules that this
    imported.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        child.rehearse(writer, jupyter)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        data = file.read()
    os.waitpid(pid, 0)
    return list(json.loads(data or b"[]"))


def warm_up(modules: list[str], late: dict[str, str], jupyter: bool) -> None:
    """All imports, and what all kernels have alike, before the first fork. What they make stays:
    the collector would only slow them down.
    """
    gc.disable()
    # A debugger that no notebook run uses: 70 ms per kernel.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    _load(["ipykernel.debugger"])
    del sys.modules["debugpy"]
    _load([*_BASE_MODULES, *modules])
    inmemory.load(late)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
        seeding.skip_absent_devices()
    _load(_rehearse(jupyter))
    child.application(jupyter)
    gc.freeze()
    gc.enable()
