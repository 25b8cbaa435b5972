"""What goes between a client of the fork server and the server, with descriptors, over a Unix
socket: one JSON object per SEQPACKET datagram. Used on both sides.
"""

from __future__ import annotations

import json
import os
import socket
from typing import Literal, NotRequired, TypeAlias, TypedDict, cast, final

MAX_BYTES = 128 * 1024
MAX_DESCRIPTORS = 16


@final
class Describe(TypedDict):
    """Asks for a `Description`."""

    op: Literal["describe"]


@final
class Spawn(TypedDict):
    """Asks for a kernel. `channels` names the descriptors that come with it, in their order; `key`:
    of Jupyter's clients, hexadecimal; `seed`: of its random numbers, else it draws others;
    `beside`: the folder whose files it finds beside itself, or "".
    """

    op: Literal["spawn"]
    channels: list[str]
    key: str
    limits: dict[str, float]
    env: dict[str, str]
    cwd: str | None
    seed: int | None
    beside: str


@final
class Wait(TypedDict):
    """Asks how long the kernel was `Waited` for a core."""

    op: Literal["waited"]


@final
class Signal(TypedDict):
    """SIGINT goes to the kernel; any other ends it and all that it started."""

    op: Literal["signal"]
    signum: int


Request: TypeAlias = Describe | Spawn | Wait | Signal


@final
class Description(TypedDict):
    """Of the server: process id (in its own tree), threads, private memory (KiB)."""

    event: Literal["described"]
    pid: int
    threads: int
    rss_kib: int


@final
class Forked(TypedDict):
    """The kernel exists; `pid` as the server sees it."""

    event: Literal["forked"]
    pid: int


@final
class Waited(TypedDict):
    """`seconds` that the kernel's main thread stood ready to run without a core, so far."""

    event: Literal["waited"]
    seconds: float


@final
class Exit(TypedDict):
    """The last event of a kernel. `status`: as `os.waitstatus_to_exitcode` says, None if unknown;
    `cause`: who ended it, "" if it did; `error`: what it wrote before it served. CPU time in
    seconds, the largest resident memory in KiB.
    """

    event: Literal["exit"]
    status: int | None
    cause: str
    error: str
    cpu_s: NotRequired[float]
    max_rss_kib: NotRequired[int]


Event: TypeAlias = Description | Forked | Waited | Exit


def send(
    connection: socket.socket, message: Request | Event, descriptors: tuple[int, ...] = ()
) -> None:
    """Send one message. Raises `OSError`; the descriptors stay open here."""
    data = json.dumps(message).encode()
    if descriptors:
        socket.send_fds(connection, [data], list(descriptors))
    else:
        connection.send(data)


def receive_request(connection: socket.socket) -> tuple[Request | None, list[int]]:
    """What a client asks, and the descriptors that came with it (close-on-exec, the caller's to
    close). None at the end. Raises `OSError`; `ValueError` for what is no request.
    """
    message, descriptors = _receive(connection, "op")
    return cast("Request | None", message), descriptors


def receive_event(connection: socket.socket) -> Event | None:
    """What the server tells. None at the end. Raises `OSError`; `ValueError` for what is none."""
    return cast("Event | None", _receive(connection, "event")[0])


def _receive(connection: socket.socket, kind: str) -> tuple[object, list[int]]:
    data, descriptors, _, _ = socket.recv_fds(connection, MAX_BYTES, MAX_DESCRIPTORS)
    if not data:
        return None, descriptors
    try:
        message: object = json.loads(data)
        if not isinstance(message, dict) or kind not in message:
            raise ValueError(f"A message of {len(data)} bytes names no {kind!r}: {data[:80]!r}")
    except ValueError:
        for received in descriptors:
            os.close(received)
        raise
    return message, descriptors
