"""System V memory and message queues, and the host's name."""

from .. import syscalls
from ..layer import Layer


class Ipc(Layer):
    """A kernel has queues of its own; the name is the server's."""

    name = "ipc"
    turn = 40
    promise = "no System V memory or message queue of anyone else"
    around_server = syscalls.CLONE_NEWIPC | syscalls.CLONE_NEWUTS
    around_kernel = syscalls.CLONE_NEWIPC
