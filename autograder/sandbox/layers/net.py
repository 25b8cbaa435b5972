"""The network: none."""

from .. import syscalls
from ..layer import Layer


class Net(Layer):
    """A namespace without an interface, around the server and once more around each kernel."""

    name = "net"
    turn = 30
    promise = "no network interface, no abstract socket of anyone else"
    around_server = around_kernel = syscalls.CLONE_NEWNET
