"""What a layer of the sandbox is: a promise, a trial, and how it is set up. Each is one file in
`layers/`.

Theory of operation. `layers.LAYERS` holds them in the order of their `turn`. Around the
fork server (`confine`) the namespaces in `around_server` are left for new ones, all at once; then
`enclose` is called in the process that goes on. Around each kernel those in `around_kernel` are
left; then three rounds go through the layers: `enter` while the process still has its rights,
`limit` where it takes on limits and gives up rights, `seal` behind no_new_privs. A method that
raises ends the kernel before student code has run.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from . import syscalls


@dataclass(frozen=True)
class Kernel:
    """The kernel that is being confined. `slot`: its number, `privileged`: without a user namespace
    around all; `uid`, `gid`: whose process it is so far.
    """

    layers: Collection[str]
    limits: Mapping[str, float]
    slot: int
    privileged: bool
    uid: int
    gid: int


class Layer:
    """Base of all layers; a method that one does not need does nothing."""

    name: str
    turn: int  # layers are set up in the order of their turns
    promise: str  # what it keeps, for the console, the report and the refusal to grade without it
    needed = True  # whether what THREATS.md promises breaks without it
    around_server: int = 0  # CLONE_NEW* flags
    around_kernel: int = 0

    def trial(self, privileged: bool) -> None:
        """In a process of its own: raise `OSError` where this machine does not offer the layer."""
        if self.around_server:
            if not privileged:
                syscalls.unshare(syscalls.CLONE_NEWUSER)
            syscalls.unshare(self.around_server)

    def enclose(self, files: Mapping[str, bytes], beside: str) -> None:
        """Around the fork server, in its new namespaces. `files`: to be had in the view; `beside`:
        folder of others.
        """

    def enter(self, kernel: Kernel) -> None:
        """Around a kernel, in its new namespaces."""

    def limit(self, kernel: Kernel) -> None:
        """Around a kernel: limits, and rights given up."""

    def seal(self, kernel: Kernel) -> None:
        """Around a kernel, at last: filters that cannot be taken off."""


def map_user(inside: int, uid: int, gid: int) -> None:
    """In a fresh user namespace: make `uid` outside `inside` within."""
    with open("/proc/self/setgroups", "w") as file:
        file.write("deny")
    with open("/proc/self/uid_map", "w") as file:
        file.write(f"{inside} {uid} 1")
    with open("/proc/self/gid_map", "w") as file:
        file.write(f"{inside} {gid} 1")
