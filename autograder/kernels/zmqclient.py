"""A blocking client of one ordinary kernel: the Jupyter protocol without its fixed waits. For
grading where there is no Linux.

Theory of operation. Three zmq sockets of a context per process. What comes from the kernel is the
student's: frames are bounded (ZMQ_MAXMSGSIZE), parsed as JSON inside `try`, and believed only as
"this cell printed that"; a kernel that lies can only lie about its own outputs; this process
watches its own size, since zmq keeps the frames of a message until the last one has come.
Reconnecting is off, so whoever takes the kernel's place later is never followed. `execute`
returns when both the reply and the `idle` status with the request's id have come, or the time or
the output is used up, or the kernel is gone, whichever is first. A message over the bound makes zmq
drop the connection, after which no output could come any more: a monitor of the socket tells, and
the cell ends as `output`.
"""

import contextlib
import hmac
import json
import mmap
import time
from collections.abc import Callable
from typing import Any

import zmq
from jupyter_client.session import Session

from ..errors import KernelError
from .cold import ColdKernel
from .outputs import CellResult, Collector

MAX_MESSAGE = 16 << 20  # bytes
_WAITING = 64  # messages that zmq holds for us; more stay in the kernel, as its own memory
# bytes that this process may grow by: zmq gathers a message's frames without bound
MAX_GROWTH = 768 << 20
LOOK_S = 0.1  # between two looks at that
_WELCOME_S = 0.1
_EXIT_S = 2.0  # between a dying kernel's sockets and the news of its end


class ZmqClient:
    """Talk to `kernel`. Closing the client does not end the kernel."""

    def __init__(self, kernel: ColdKernel) -> None:
        self.kernel = kernel
        self._session = Session(key=kernel.key)
        self._shell = self._connect(zmq.DEALER, "shell")
        self._iopub = self._connect(zmq.SUB, "iopub")
        self._size, self._looked = _resident(), 0.0
        self._read = 0  # bytes that came, of the cell that runs
        self._bound = MAX_MESSAGE
        self._poller = zmq.Poller()
        for entry in (self._shell, self._iopub, self._monitor, kernel.fileno()):
            self._poller.register(entry, zmq.POLLIN)

    def _connect(self, kind: int, channel: str) -> zmq.Socket[bytes]:
        socket: zmq.Socket[bytes] = zmq.Context.instance().socket(kind)
        socket.linger = 0
        socket.setsockopt(zmq.RECONNECT_IVL, -1)
        socket.setsockopt(zmq.SNDTIMEO, 0)
        socket.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE)
        socket.setsockopt(zmq.RCVHWM, _WAITING)
        if kind == zmq.SUB:
            self._monitor = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
            socket.subscribe(b"")
        socket.connect(self.kernel.url(channel))
        return socket

    def wait_ready(self, timeout_s: float = 60.0) -> None:
        """Return when the kernel answers and its outputs reach us. Raises `KernelError` if it does
        not within `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        if not self._request("kernel_info_request"):
            raise KernelError("A kernel ended before it was asked for anything.")
        answered = subscribed = False
        while not (answered and subscribed):
            left = deadline - time.monotonic()
            ready = dict(
                self._poller.poll(max(0, int(1000 * (min(left, _WELCOME_S) if answered else left))))
            )
            # ipykernel before 7.2 does not greet: what it says to this tells
            if answered and not ready and left > 0:
                self._request("kernel_info_request")
                continue
            if self._shell in ready and self._message(self._shell):
                answered = True
            if self._iopub in ready and self._message(self._iopub):
                subscribed = True  # a welcome or a status: either way the subscription stands
            if not ready or (self.kernel.fileno() in ready and self.kernel.poll() is not None):
                reason = (self.kernel.exit and self.kernel.exit["error"]) or "no answer"
                raise KernelError(
                    f"A kernel did not become ready within {timeout_s:.0f} s:"
                    f" {reason.strip()[-1500:]}"
                )

    def _request(self, kind: str, content: dict[str, Any] | None = None) -> str:
        """Send a request; its id, or "" if the kernel is gone: zmq would wait for ever for a peer
        to send it to.
        """
        try:
            sent = self._session.send(self._shell, kind, content or {})
        except zmq.Again:
            return ""
        return str((sent or {})["header"]["msg_id"])

    def _message(self, socket: zmq.Socket[bytes]) -> dict[str, Any] | None:
        """One message, or None if it is not one."""
        try:
            frames = socket.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return None
        self._read += sum(map(len, frames))
        if self._read > self._bound:
            return None  # reading it would cost us what it costs to send
        # whatever the student's process sent instead of a message
        with contextlib.suppress(Exception):
            return self._read_parts(self._session.feed_identities(frames)[1])
        return None

    def _read_parts(self, parts: list[Any]) -> dict[str, Any] | None:
        """A message, as far as we look at it; its times, which jupyter_client would make dates of,
        cost more than all else.
        """
        if not hmac.compare_digest(parts[0], self._session.sign(parts[1:5])):
            return None
        header, parent, content = (json.loads(parts[number]) for number in (1, 2, 4))
        if not isinstance(content, dict):
            return None
        return {"msg_type": header["msg_type"], "parent_header": parent, "content": content}

    def swollen(self) -> bool:
        """Does zmq hold more for this kernel than any notebook sends?"""
        if (now := time.monotonic()) - self._looked < LOOK_S / 2:
            return False
        self._looked, resident = now, _resident()
        # zmq lets go of an earlier kernel's flood when it gets to it
        self._size = min(self._size, resident)
        return resident - self._size > MAX_GROWTH

    def execute(
        self,
        code: str,
        timeout_s: float,
        max_output: int = 1 << 20,
        more_time: Callable[[], float] | None = None,
    ) -> CellResult:
        """Run one cell, at most `timeout_s` seconds and `max_output` bytes of output.

        `more_time`: asked when the time is used up; returns the seconds to add, 0 for none.
        """
        started = time.monotonic()
        content = {
            "code": code, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": False,
        }  # fmt: skip
        request = self._request("execute_request", content)
        result = CellResult()
        if not request:
            result.status = "died"
            return result
        collector = Collector(result, max_output)
        self._read, self._bound = 0, 2 * max_output + MAX_MESSAGE
        replied = idle = False
        deadline = started + timeout_s
        while not (replied and idle):
            left = deadline - time.monotonic()
            if left <= 0:
                added = more_time() if more_time else 0.0
                deadline += added
                if added:
                    continue
                result.status = "timeout"
                break
            ready = dict(self._poller.poll(int(min(left, LOOK_S) * 1000) + 1))
            if (
                self._shell in ready
                and (message := self._message(self._shell))
                and _answers(message, request)
            ):
                replied = True
                result.reply = message["content"]
            if (
                self._iopub in ready
                and (message := self._message(self._iopub))
                and _answers(message, request)
            ):
                idle = idle or collector.add(message)
            if collector.full or self._read > self._bound or self.swollen():
                result.status = "output"
                break
            if self.kernel.fileno() in ready and self.kernel.poll() is not None:
                result.status = "died"
                break
            if self._monitor in ready and self._iopub not in ready:
                result.status = "output" if self.kernel.poll(_EXIT_S) is None else "died"
                break
        else:
            result.status = "error" if result.reply.get("status") != "ok" else "ok"
            count = result.reply.get("execution_count")
            result.execution_count = (
                count if isinstance(count, int) and 0 <= count < 10**6 else None
            )
        result.seconds = time.monotonic() - started
        return result

    def wait_idle(self, timeout_s: float, more_time: Callable[[], float] | None = None) -> bool:
        """After a timeout and SIGINT: whether the kernel takes requests again within
        `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        self._read = 0
        if not self._request("kernel_info_request"):
            return False
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                added = more_time() if more_time else 0.0
                deadline += added
                if added:
                    continue
                return False
            ready = dict(self._poller.poll(int(min(left, LOOK_S) * 1000) + 1))
            if self.swollen():
                return False
            if self._iopub in ready:
                self._message(self._iopub)
            if self._shell in ready:
                message = self._message(self._shell) or {}
                if message.get("msg_type") == "kernel_info_reply":
                    return True
            if self.kernel.fileno() in ready and self.kernel.poll() is not None:
                return False

    def close(self) -> None:
        """Close the sockets."""
        self._shell.close()
        self._iopub.disable_monitor()
        self._monitor.close()
        self._iopub.close()


def _resident() -> int:
    """Bytes of this process in memory; 0 where that is not told."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * mmap.PAGESIZE
    except (OSError, ValueError, IndexError):
        return 0


def _answers(message: dict[str, Any], request: str) -> bool:
    parent = message.get("parent_header")
    return isinstance(parent, dict) and parent.get("msg_id") == request
