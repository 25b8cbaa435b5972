"""The few Linux system calls that Python 3.11 does not offer, through ctypes.

Each function raises `OSError` with the call's name in place of a file name, so a failing layer can
be named. Numbers are those of x86_64 and aarch64; the newer calls (from 424 on) have one number
everywhere.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from typing import Any

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2

_X86 = platform.machine() in ("x86_64", "AMD64")
_SYS_PIVOT_ROOT = 155 if _X86 else 41
_SYS_CAPSET = 126 if _X86 else 91
_SYS_MOUNT_SETATTR = 442
_SYS_LANDLOCK_CREATE, _SYS_LANDLOCK_ADD, _SYS_LANDLOCK_RESTRICT = 444, 445, 446
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID = 1, 2
_CAPABILITY_VERSION_3 = 0x20080522

_libc: Any = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _check(result: int, name: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return result


def _syscall(name: str, number: int, *arguments: object) -> int:
    converted = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _check(_libc.syscall(ctypes.c_long(number), *converted), name)


def unshare(flags: int) -> None:
    """Leave the namespaces named by the `CLONE_NEW*` flags for new ones."""
    _check(_libc.unshare(flags), "unshare")


def setns(fd: int, flags: int) -> None:
    """Enter the namespace behind `fd` (for `CLONE_NEWPID`: later children enter it)."""
    _check(_libc.setns(fd, flags), "setns")


def prctl(option: int, argument: int | ctypes.c_void_p = 0, argument3: object = 0) -> None:
    """prctl(2); `argument3` may be a ctypes reference."""
    second = ctypes.c_ulong(argument) if isinstance(argument, int) else argument
    third = ctypes.c_ulong(argument3) if isinstance(argument3, int) else argument3
    _check(
        _libc.prctl(option, second, third, ctypes.c_ulong(0), ctypes.c_ulong(0)), f"prctl({option})"
    )


def mount(source: str, target: str, fstype: str = "", flags: int = 0, data: str = "") -> None:
    """mount(2)."""
    result = _libc.mount(
        source.encode(),
        target.encode(),
        fstype.encode() or None,
        ctypes.c_ulong(flags),
        data.encode() or None,
    )
    _check(result, f"mount {target}")


def umount_detached(target: str) -> None:
    """Take a mount out of sight at once; it goes when nobody uses it any more."""
    _check(_libc.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def pivot_root(new_root: str, put_old: str) -> None:
    """pivot_root(2)."""
    _syscall("pivot_root", _SYS_PIVOT_ROOT, new_root.encode(), put_old.encode())


def make_readonly(target: str) -> None:
    """Make a mount and all below it read-only and nosuid. Unlike a remount this keeps flags that a
    user namespace may not drop.
    """
    attributes = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID, 0, 0, 0)
    _syscall(
        f"mount_setattr {target}",
        _SYS_MOUNT_SETATTR,
        _AT_FDCWD,
        target.encode(),
        _AT_RECURSIVE,
        attributes,
        len(attributes),
    )


def drop_capabilities() -> None:
    """Give up every capability for good: bounding set, then effective, permitted and
    inheritable.
    """
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        # past the kernel's last capability, or no longer privileged: nothing left to drop
        except OSError:
            break
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    _syscall("capset", _SYS_CAPSET, header, struct.pack("6I", 0, 0, 0, 0, 0, 0))


def landlock_abi() -> int:
    """The kernel's Landlock version; raises `OSError` where it has none."""
    return _syscall("landlock_create_ruleset", _SYS_LANDLOCK_CREATE, None, 0, 1)


def landlock_restrict(handled: int, scoped: int, rules: Iterable[tuple[str, int]]) -> None:
    """Confine this process and its children to `rules`, pairs of path and allowed accesses. Needs
    no_new_privs.
    """
    attributes = struct.pack("QQQ", handled, 0, scoped)
    ruleset = _syscall(
        "landlock_create_ruleset",
        _SYS_LANDLOCK_CREATE,
        attributes,
        len(attributes) if scoped else 16,
        0,
    )
    try:
        for path, allowed in rules:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = struct.pack("=Qi", allowed, fd)
                _syscall(f"landlock_add_rule {path}", _SYS_LANDLOCK_ADD, ruleset, 1, rule, 0)
            finally:
                os.close(fd)
        _syscall("landlock_restrict_self", _SYS_LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
