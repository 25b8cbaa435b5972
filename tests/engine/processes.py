"""Which processes hang below another one: what a test has started, whatever else runs on the
machine.
"""

import contextlib
import os
import time
from collections.abc import Iterable

from autograder.kernels.handle import ForkServer


def children(pid: int) -> list[int]:
    """All descendants of `pid`."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found += [int(name), *children(int(name))]
    return found


def left_alive(pids: Iterable[int], seconds: float = 20.0) -> list[int]:
    """Those of `pids` that have not ended after `seconds`. One that only waits to be reaped has
    ended.
    """
    deadline = time.monotonic() + seconds
    left = list(pids)
    while (
        left := [pid for pid in left if _state(pid) not in "ZX"]
    ) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _state(pid: int) -> str:
    """The state's letter in /proc; X for a process that is not there."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()[0]
    return "X"


def inner(server: ForkServer) -> int:
    """The half of a confined server that forks, by its place below the stub."""
    with open(f"/proc/{server.pid}/task/{server.pid}/children") as file:
        return int(file.read().split()[0])


def kernels(server: ForkServer) -> list[int]:
    """All that the kernels of a confined server consist of. Nothing can leave: each is PID 1 of its
    own tree.
    """
    return children(inner(server))
