"""Setting the layers up: once around the fork server, then around each kernel that it forks.

Theory of operation. *Around the server* (`enclose_server`, called by a fresh, single-threaded
process before it imports anything large): as root in the host's own user namespace, or as anybody
in a new one, leave for new namespaces, fork, and let the child, PID 1 of the new tree, set up what
the layers have for it, the read-only view for one. The parent stays outside as a stub that waits;
when either dies, the other does (the child by PR_SET_PDEATHSIG, and with PID 1 every kernel).
*Around a kernel*: born as PID 1 of a tree of its own (layers/pid.py), it calls `confine_kernel`,
which goes through the layers (layer.py says in which rounds). Any failure raises and the child
exits before student code has run: there is no half-confined kernel.
"""

import os
import signal
from collections.abc import Collection, Mapping

from . import syscalls
from .layer import Kernel, map_user
from .layers import LAYERS
from .layers.ids import INNER_UID


def is_privileged() -> bool:
    """Whether namespaces can be made without a user namespace: root with CAP_SYS_ADMIN."""
    if os.geteuid() != 0:
        return False
    with open("/proc/self/status") as file:
        effective = next(int(line.split()[1], 16) for line in file if line.startswith("CapEff"))
    return bool(effective >> 21 & 1)


def enclose_server(
    layers: Collection[str], files: Mapping[str, bytes], privileged: bool, beside: str = ""
) -> int:
    """Leave the host. Returns 0 in the process that goes on as PID 1, else, in the stub, that
    process's id.
    """
    uid, gid = os.geteuid(), os.getegid()
    active = [layer for name, layer in LAYERS.items() if name in layers]
    flags = 0
    for layer in active:
        flags |= layer.around_server
    if not privileged and flags:
        syscalls.unshare(syscalls.CLONE_NEWUSER)
        map_user(INNER_UID, uid, gid)
    if flags:
        syscalls.unshare(flags)
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if "pid" not in layers and os.getppid() != parent:  # the stub died before the line above
        os._exit(1)
    for layer in active:
        layer.enclose(files, beside)
    return 0


def confine_kernel(
    layers: Collection[str], limits: Mapping[str, float], slot: int, privileged: bool
) -> None:
    """In the forked child: everything up to the point where student code may run. Raises `OSError`
    with the failing call's name.
    """
    kernel = Kernel(layers, limits, slot, privileged, os.geteuid(), os.getegid())
    active = [layer for name, layer in LAYERS.items() if name in layers]
    flags = 0
    for layer in active:
        flags |= layer.around_kernel
    if flags:
        syscalls.unshare(flags)
    for layer in active:
        layer.enter(kernel)
    for layer in active:
        layer.limit(kernel)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    for layer in active:
        layer.seal(kernel)
