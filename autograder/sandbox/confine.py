"""Setting the layers up: once around the fork server, then around each kernel that it forks.

Theory of operation.
*Around the server* (`enclose_server`, called by a fresh, single-threaded process before it imports anything large):
as root in the host's own user namespace, or as anybody in a new one, leave for new mount, PID, IPC, UTS and network
namespaces, fork, and let the child, PID 1 of the new tree, pivot into the read-only view. The parent stays outside as
a stub that waits; when either dies, the other does (the child by PR_SET_PDEATHSIG, and with PID 1 every kernel).
*Around a kernel*: the server calls `new_pid_namespace` just before fork(2) and `old_pid_namespace` just after, so the
child is PID 1 of a tree of its own: SIGKILL to it takes everything with it, a SIGSTOP or SIGKILL from inside does not
touch it. The child then calls `confine_kernel`, which unshares the rest, lays private mounts, sets limits, drops
identity and privilege, and at last installs Landlock and seccomp. Any failure raises and the child exits before
student code has run: there is no half-confined kernel. As root each kernel has a user id of its own (`FIRST_UID` +
slot) so that RLIMIT_NPROC counts its processes alone; as a plain user it gets a nested user namespace, where the
kernel counts per namespace (Linux 5.14).
"""

import contextlib
import os
import resource
import signal
from collections.abc import Collection, Mapping

from . import rootview, syscalls
from .layers import landlock, seccomp

FIRST_UID = 200_000
UID_SLOTS = 4096
_INNER_UID = 65534
_MIB = 1 << 20


def _map_user(inside: int, uid: int, gid: int) -> None:
    """In a fresh user namespace: make `uid` outside `inside` within."""
    with open("/proc/self/setgroups", "w") as file:
        file.write("deny")
    with open("/proc/self/uid_map", "w") as file:
        file.write(f"{inside} {uid} 1")
    with open("/proc/self/gid_map", "w") as file:
        file.write(f"{inside} {gid} 1")


def is_privileged() -> bool:
    """Whether namespaces can be made without a user namespace: root with CAP_SYS_ADMIN."""
    if os.geteuid() != 0:
        return False
    with open("/proc/self/status") as file:
        effective = next(int(line.split()[1], 16) for line in file if line.startswith("CapEff"))
    return bool(effective >> 21 & 1)


def enclose_server(layers: Collection[str], files: Mapping[str, bytes], privileged: bool, beside: str = "") -> int:
    """Leave the host. Returns 0 in the process that goes on as PID 1, else, in the stub, that process's id."""
    uid, gid = os.geteuid(), os.getegid()
    flags = 0
    for layer, flag in (
        ("mount", syscalls.CLONE_NEWNS),
        ("pid", syscalls.CLONE_NEWPID),
        ("net", syscalls.CLONE_NEWNET),
        ("ipc", syscalls.CLONE_NEWIPC | syscalls.CLONE_NEWUTS),
    ):
        if layer in layers:
            flags |= flag
    if not privileged and flags:
        syscalls.unshare(syscalls.CLONE_NEWUSER)
        _map_user(_INNER_UID, uid, gid)
    if flags:
        syscalls.unshare(flags)
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if "pid" not in layers and os.getppid() != parent:  # the stub died before the line above
        os._exit(1)
    if "mount" in layers:
        rootview.build_and_enter(dict(files), beside)
    return 0


def new_pid_namespace() -> None:
    """The caller's next child will be PID 1 of a new tree."""
    syscalls.unshare(syscalls.CLONE_NEWPID)


def old_pid_namespace(own_namespace: int) -> None:
    """After that fork, in the parent alone: later children are born into the caller's own tree again.
    `own_namespace`: a descriptor of the caller's /proc/self/ns/pid. Without this a second unshare fails.
    """
    syscalls.setns(own_namespace, syscalls.CLONE_NEWPID)


def confine_kernel(layers: Collection[str], limits: Mapping[str, float], slot: int, privileged: bool) -> None:
    """In the forked child: everything up to the point where student code may run. Raises `OSError` with the failing
    call's name.
    """
    uid, gid = os.geteuid(), os.getegid()
    flags = syscalls.CLONE_NEWNS if "mount" in layers else 0
    flags |= syscalls.CLONE_NEWNET if "net" in layers else 0
    flags |= syscalls.CLONE_NEWIPC if "ipc" in layers else 0
    if flags:
        syscalls.unshare(flags)
    if "mount" in layers:
        rootview.lay_private_mounts(int(limits["scratch_mib"]), own_proc="pid" in layers)
    if not privileged and "ids" in layers:  # after /proc, whose mounting needs rights over the tree's own namespace
        syscalls.unshare(syscalls.CLONE_NEWUSER)
        _map_user(_INNER_UID, uid, gid)
    if "rlimits" in layers:
        _set_limits(limits)
    if "ids" in layers:
        _drop_identity(slot, privileged)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    if "landlock" in layers and "mount" in layers:
        landlock.restrict(*rootview.landlock_rules())
    if "seccomp" in layers:
        seccomp.install()


def _drop_identity(slot: int, privileged: bool) -> None:
    if privileged:
        user = FIRST_UID + slot % UID_SLOTS
        os.setgroups([])
        os.setresgid(user, user, user)
        # Capabilities go with the last root id; the bounding set has to go before, while it still can.
        for capability in range(64):
            with contextlib.suppress(OSError):
                syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)
        os.setresuid(user, user, user)
    syscalls.drop_capabilities()


def _status_kib(field: str) -> int:
    with open("/proc/self/status") as file:
        return next((int(line.split()[1]) for line in file if line.startswith(field + ":")), 0)


def _set_limits(limits: Mapping[str, float]) -> None:
    """Memory limits count from what the fork inherited: torch maps gigabytes of address space before the student's
    first line.
    """
    memory = int(limits["memory_mib"]) * _MIB
    data = _status_kib("VmData") * 1024 + memory
    # ... and each of the kernel's threads reserves an arena of 64 MiB that it hardly uses.
    address_space = _status_kib("VmSize") * 1024 + 2 * memory + 1024 * _MIB
    cpu = int(limits["cpu_s"])
    files = int(limits["open_files"])
    for limit, soft, hard in (
        (resource.RLIMIT_DATA, data, data),
        (resource.RLIMIT_AS, address_space, address_space),
        (resource.RLIMIT_CPU, cpu, cpu + 2),
        (resource.RLIMIT_FSIZE, int(limits["file_mib"]) * _MIB, int(limits["file_mib"]) * _MIB),
        (resource.RLIMIT_NPROC, int(limits["processes"]), int(limits["processes"])),
        (resource.RLIMIT_NOFILE, files, files),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
    ):
        _, present = resource.getrlimit(limit)
        if present != resource.RLIM_INFINITY:
            soft, hard = min(soft, present), min(hard, present)
        resource.setrlimit(limit, (soft, hard))
