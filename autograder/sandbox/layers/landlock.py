"""Landlock: the file rules once more, held by another part of the kernel than the mounts.

The view of `rootview` already hides what must not be read; should a mount slip in that does not
belong there, Landlock still refuses it. From version 6 of its interface it also refuses abstract
sockets and signals that lead outside.
"""

import os

from .. import rootview, syscalls
from ..layer import Kernel, Layer

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_BASE = (1 << 13) - 1  # version 1: the three above, write_file, remove and make of every kind
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_SCOPE_ABSTRACT_SOCKET, _SCOPE_SIGNAL = 1, 2
_MAKE_BLOCK, _MAKE_CHAR = 1 << 11, 1 << 6


class Landlock(Layer):
    """Where the view is, since its rules name what the view holds."""

    name = "landlock"
    turn = 70
    promise = "file rules a second time, held by another part of the kernel"
    needed = False

    def trial(self, privileged: bool) -> None:
        """Restrict something."""
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        restrict(rootview.readable_trees(), [], [])

    def seal(self, kernel: Kernel) -> None:
        """Reading in the view, writing in its private folders."""
        if "mount" in kernel.layers:
            restrict(*rootview.landlock_rules())


def _handled(abi: int) -> int:
    handled = _BASE
    for version, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        if abi >= version:
            handled |= right
    return handled


def restrict(readable: list[str], writable: list[str], devices: list[str]) -> None:
    """Allow reading below `readable`, everything below `writable`, reading and writing `devices`;
    nothing else.
    """
    abi = syscalls.landlock_abi()
    handled = _handled(abi)
    rules = [(path, _READ & handled) for path in readable if os.path.isdir(path)]
    rules += [(path, handled & ~(_MAKE_BLOCK | _MAKE_CHAR)) for path in writable]
    device = _READ_FILE | _WRITE_FILE | (_TRUNCATE & handled) | (_IOCTL_DEV & handled)
    rules += [(path, device) for path in devices if os.path.exists(path)]
    scoped = _SCOPE_ABSTRACT_SOCKET | _SCOPE_SIGNAL if abi >= 6 else 0
    syscalls.landlock_restrict(handled, scoped, rules)
