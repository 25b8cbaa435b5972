"""Messages with descriptors over a Unix socket: one JSON object per SEQPACKET datagram. Used on
both sides of the fork server.
"""

import json
import socket
from typing import Any

MAX_BYTES = 128 * 1024
MAX_DESCRIPTORS = 16


def send(
    connection: socket.socket, message: dict[str, Any], descriptors: tuple[int, ...] = ()
) -> None:
    """Send one message. Raises `OSError`; the descriptors stay open here."""
    data = json.dumps(message).encode()
    if descriptors:
        socket.send_fds(connection, [data], list(descriptors))
    else:
        connection.send(data)


def receive(connection: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """Receive one message and the descriptors that came with it (close-on-exec, the caller's to
    close). None at the end.
    """
    data, descriptors, _, _ = socket.recv_fds(connection, MAX_BYTES, MAX_DESCRIPTORS)
    if not data:
        return None, descriptors
    return json.loads(data), descriptors
