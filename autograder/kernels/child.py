"""From a fork of the server to a kernel: what the child does before, and instead of, returning.

Theory of operation. `become_kernel` never returns. Order matters: descriptors first (close what is
not ours), then a session of our own, environment and streams, then the sandbox, and only then
ipykernel, which starts threads. Anything raised is written to the report pipe and the process exits
with status 70, so the client learns why. The report pipe closes when the kernel serves.

A grader's kernel gets its end of the cells channel (cells.py). A kernel for Jupyter's clients
adopts listening sockets that the client made (zmq's USE_FD), so it binds no path and needs no
directory shared with the host, and the client may connect before the kernel exists: its first
request simply waits in the socket's queue.
"""

import atexit
import contextlib
import gc
import json
import os
import random
import signal
import sys
import tempfile
import traceback
from collections.abc import Collection, Sequence
from typing import Any, NoReturn

from autograder.kernels.messages import Spawn
from autograder.sandbox import beside, confine, rootview

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
_REHEARSAL = """
x = [1, 2]; print(x); x
try: x.missing
except AttributeError as error: print(error)
1 / 0
"""
_REHEARSAL_WITH_TENSORS = """
import torch, numpy, matplotlib.pyplot as plt, torch.nn.functional as F
fig, ax = plt.subplots(); ax.plot([0, 1]); plt.show()
x = torch.arange(16.0, requires_grad=True).reshape(1, 1, 4, 4)
F.avg_pool2d(x, 2).sum().backward(); print(x); x
try: torch.testing.assert_close(x, x + 1)
except AssertionError as error: print(error)
1 / 0
"""


def become_kernel(
    request: Spawn,
    descriptors: Sequence[int],
    report: int,
    layers: Collection[str],
    slot: int,
    privileged: bool,
) -> NoReturn:
    """Turn this freshly forked process into the kernel that `request` asks for. Never returns."""
    try:
        gc.disable()  # until it serves: there is nothing to collect
        kept = _arrange_descriptors(
            descriptors, report, request["channels"], confined="mount" in layers
        )
        os.setsid()
        for signum in (signal.SIGINT, signal.SIGCHLD, signal.SIGPIPE):
            signal.signal(signum, signal.SIG_IGN if signum == signal.SIGPIPE else signal.SIG_DFL)
        confined = bool(layers)
        if confined:
            confine.confine_kernel(layers, request["limits"], slot, privileged)
        _set_environment(request, confined="mount" in layers)
        _reseed(request["seed"])
        if "cells" in kept:
            _serve_grader(kept, report)
        else:
            _serve_jupyter(request, kept, report, confined)
    except BaseException as error:
        if not isinstance(error, SystemExit):
            with contextlib.suppress(OSError):
                os.write(report, traceback.format_exc()[-3000:].encode())
            os._exit(70)
    finally:
        _leave(request)
    os._exit(0)


def _leave(request: Spawn) -> NoReturn:
    """End like an interpreter, but run no finaliser of the server's: only what this kernel
    registered and buffered.
    """
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    os._exit(0)


def _arrange_descriptors(
    descriptors: Sequence[int], report: int, channels: Sequence[str], confined: bool
) -> dict[str, int]:
    """Name the received descriptors, attach the standard streams, close all that is not ours."""
    kept = dict(zip(channels, descriptors, strict=True))
    null = os.open(os.devnull, os.O_RDWR)
    for number, name in enumerate(("stdin_stream", "stdout", "stderr")):
        os.dup2(kept.pop(name, null), number)
    mine = sorted({report, *kept.values()})
    lower = 3
    for descriptor in mine:
        os.closerange(lower, descriptor)
        lower = descriptor + 1
    os.closerange(lower, 65536)
    return kept


def _set_environment(request: Spawn, confined: bool) -> None:
    os.environ.clear()
    os.environ.update(request["env"])
    if confined:
        os.environ.update(
            HOME=rootview.HOME,
            TMPDIR="/tmp",
            USER="student",
            LOGNAME="student",
            IPYTHONDIR="/tmp/.ipython",
        )
        os.makedirs(rootview.HOME, exist_ok=True)
        os.chdir(rootview.HOME)
        if request["beside"]:
            beside.copy(beside.PLACE, rootview.HOME, links=True)
    elif request["beside"]:
        os.chdir(tempfile.mkdtemp(prefix="hand-in-"))
        beside.copy(request["beside"], ".")
    elif request["cwd"]:
        os.chdir(request["cwd"])
    sys.path[:] = [path for path in sys.path if path]
    for path in reversed(os.environ.get("PYTHONPATH", "").split(os.pathsep)):
        if path and path not in sys.path:
            sys.path.insert(0, path)
    sys.path.insert(0, "")


def _reseed(seed: int | None) -> None:
    """Forks of one process share its generators' state; a fresh kernel must not, unless it is given
    a seed.
    """
    chosen = int.from_bytes(os.urandom(4), "little") if seed is None else seed
    random.seed(chosen)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(chosen)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(chosen)
        # Threads of the pool do not survive a fork; asking anew makes torch build it afresh.
        sys.modules["torch"].set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or 1))


def _serve_grader(kept: dict[str, int], report: int) -> None:
    from autograder.kernels import cells, probing

    app = cells.CellsApp.made()
    app.settle()
    if "probe" in kept:
        probing.serve(kept["probe"], app)
    os.close(report)
    gc.enable()
    app.serve(kept["cells"])


def _serve_jupyter(request: Spawn, kept: dict[str, int], report: int, confined: bool) -> None:
    from autograder.kernels.app import WarmKernelApp

    app = WarmKernelApp.adopt(
        key=bytes.fromhex(request["key"]),
        descriptors={name: kept[name] for name in CHANNELS if name in kept},
        confined=confined,
    )
    app.initialize([])  # type: ignore[no-untyped-call]
    os.close(report)
    gc.enable()
    app.start()  # type: ignore[no-untyped-call]


def application(jupyter: bool) -> Any:
    """The process's application, made at the first call: what Jupyter's clients speak with, or the
    grader.
    """
    if jupyter:
        from autograder.kernels.app import WarmKernelApp

        return WarmKernelApp.made()
    from autograder.kernels.cells import CellsApp

    return CellsApp.made()


def rehearse(writer: int, jupyter: bool) -> NoReturn:
    """In a throw-away child of the server: start a kernel, run cells, report which modules that
    imported.
    """
    try:
        before = set(sys.modules)
        app = application(jupyter)
        if jupyter:
            app.adopt(key=b"rehearsal", descriptors={}, confined=True).initialize([])
        app.kernel.shell.run_cell(_REHEARSAL_WITH_TENSORS if "torch" in sys.modules else _REHEARSAL)
        late = [name for name in sys.modules if name not in before and name != "__main__"]
        os.write(writer, json.dumps(late).encode()[:65536])
    finally:
        os._exit(0)
