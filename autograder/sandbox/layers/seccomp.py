"""The seccomp filter: a deny list in classic BPF, assembled here so that no library is needed.

What it takes away is what student code never needs and an attacker wants: new namespaces and
mounts, tracing, kernel interfaces with a history of holes (bpf, io_uring, userfaultfd, keyrings),
memory that no limit counts (memfd, System V), sockets other than AF_UNIX (AF_VSOCK is not confined
by a network namespace), and leaving the session. Denied calls fail with EPERM; `clone3` with
ENOSYS, so that the C library falls back to `clone`, whose flags a filter can see.
"""

import ctypes
import errno
import platform
import struct

from .. import syscalls
from ..layer import Kernel, Layer

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _ARG0, _ARG1 = 0, 4, 16, 24
_X32 = 0x40000000
_NAMESPACES = (
    syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWCGROUP
    | syscalls.CLONE_NEWUTS
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUSER
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWNET
)
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C

# name: (x86_64, aarch64); None where the architecture has no such call
_DENIED: dict[str, tuple[int | None, int | None]] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "process_madvise": (440, 440), "pidfd_getfd": (438, 438), "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442),
    "unshare": (272, 97), "setns": (308, 268), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161), "setdomainname": (171, 162), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186), "semget": (64, 190), "mknod": (133, None), "mknodat": (259, 33),
    "setsid": (112, 157),
    "personality": (135, 92), "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None),
    "vhangup": (153, 58), "fanotify_init": (300, 262), "lookup_dcookie": (212, 18),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238), "mbind": (237, 235), "set_mempolicy": (238, 237),
}  # fmt: skip
_CLONE, _CLONE3, _SOCKET, _IOCTL = (56, 220), (435, 435), (41, 198), (16, 29)


class Seccomp(Layer):
    """The filter comes last: it would refuse what the others need."""

    name = "seccomp"
    turn = 80
    promise = (
        "no new namespaces, tracing, kernel keyrings, non-local sockets, memory that no limit"
        " counts"
    )

    def trial(self, privileged: bool) -> None:
        """Install it."""
        install()

    def seal(self, kernel: Kernel) -> None:
        """Install it."""
        install()


def _statement(code: int, operand: int) -> bytes:
    return struct.pack("HBBI", code, 0, 0, operand)


def _jump(code: int, operand: int, if_true: int, if_false: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, operand)


def _deny_when(number: int, argument: int, tests: list[bytes], error: int) -> list[bytes]:
    """If the call is `number`, load the argument's low half, run the tests (each skips nothing or
    reaches the denial).
    """
    body = [
        _statement(_LOAD, argument),
        *tests,
        _statement(_RETURN, _ALLOW),
        _statement(_RETURN, _ERRNO | error),
    ]
    return [_jump(_EQUAL, number, 0, len(body)), *body]


def program() -> bytes:
    """The filter as an array of `struct sock_filter`. Raises `OSError` on an architecture without a
    table.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no seccomp table for {machine}", "seccomp")
    column = 0 if machine == "x86_64" else 1
    code = [
        _statement(_LOAD, _ARCH),
        _jump(_EQUAL, _ARCHITECTURES[machine], 1, 0),
        _statement(_RETURN, _KILL),
        _statement(_LOAD, _NUMBER),
    ]
    if column == 0:
        code += [_jump(_AT_LEAST, _X32, 0, 1), _statement(_RETURN, _KILL)]
    for numbers in _DENIED.values():
        number = numbers[column]
        if number is not None:
            code += [_jump(_EQUAL, number, 0, 1), _statement(_RETURN, _ERRNO | errno.EPERM)]
    code += [_jump(_EQUAL, _CLONE3[column], 0, 1), _statement(_RETURN, _ERRNO | errno.ENOSYS)]
    code += _deny_when(_CLONE[column], _ARG0, [_jump(_ANY_BIT, _NAMESPACES, 1, 0)], errno.EPERM)
    code += _deny_when(_SOCKET[column], _ARG0, [_jump(_EQUAL, 1, 0, 1)], errno.EPERM)
    terminal = [_jump(_EQUAL, _TIOCSTI, 2, 0), _jump(_EQUAL, _TIOCLINUX, 1, 0)]
    code += _deny_when(_IOCTL[column], _ARG1, terminal, errno.EPERM)
    code.append(_statement(_RETURN, _ALLOW))
    return b"".join(code)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def install() -> None:
    """Filter this process and all its future children, for good. Sets no_new_privs."""
    code = program()
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    argument = _Program(len(code) // 8, code)
    syscalls.prctl(syscalls.PR_SET_SECCOMP, syscalls.SECCOMP_MODE_FILTER, ctypes.byref(argument))
