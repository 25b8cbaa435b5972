"""The process tree: the fork server calls `new_tree` just before fork(2) and `old_tree` just after,
so that a kernel is PID 1 of a tree of its own. SIGKILL to it takes everything with it; a SIGSTOP or
SIGKILL from inside does not touch it.
"""

from .. import syscalls
from ..layer import Layer


class Pid(Layer):
    """A kernel's own tree is made by its server's fork: there is nothing to enter."""

    name = "pid"
    turn = 20
    promise = "own process tree: sees no other process, and everything in it dies with its kernel"
    around_server = syscalls.CLONE_NEWPID


def new_tree() -> None:
    """The caller's next child will be PID 1 of a new tree."""
    syscalls.unshare(syscalls.CLONE_NEWPID)


def old_tree(own_namespace: int) -> None:
    """After that fork, in the parent alone: later children are born into the caller's own tree
    again. `own_namespace`: a descriptor of the caller's /proc/self/ns/pid. Without this a second
    unshare fails.
    """
    syscalls.setns(own_namespace, syscalls.CLONE_NEWPID)
