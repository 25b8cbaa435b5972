"""Limits of a kernel and its children together, which no limit of a process counts:
`kernels/server.py` looks.
"""

from ..layer import Layer


class Watchdog(Layer):
    """There is nothing to set up: the fork server asks whether it is among its layers."""

    name = "watchdog"
    turn = 90
    promise = "limits on wall time, memory and sockets of a kernel and its children together"
