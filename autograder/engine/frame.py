"""What is sent to a kernel's probe channel and what comes back: a length, then as many bytes, or
several of these in one (kernels/probing.py).
"""

import os
import select
import signal
import time
from collections.abc import Callable, Sequence

from ..errors import StudentFault
from ..kernels.client import LOOK_S
from ..kernels.cold import ColdKernel
from ..kernels.handle import WarmKernel
from ..kernels.probing import CALL_OFF, HEADER, SEVERAL
from ..probe import wire

GRACE_S = 2.0  # for a cell or a question to end after SIGINT
_AHEAD, _BYTES = 64, 1 << 20  # questions in one message, and bytes of them
WORDS = {
    "timeout": "did not finish in time",
    "died": "ended the kernel",
    "output": "printed more than is kept, or cut its outputs off",
    "memory": "used more memory than allowed",
    "spent": "was not run: the hand-in's time was used up before",
}


def send(kernel: WarmKernel | ColdKernel, content: bytes) -> None:
    """Raises `OSError` when the kernel is gone."""
    assert kernel.probe is not None
    kernel.probe.sendall(HEADER.pack(len(content)) + content)


def send_together(kernel: WarmKernel | ColdKernel, requests: Sequence[bytes]) -> int:
    """As many of `requests` as go into one message, at least one; how many they are."""
    count, size = 1, len(requests[0])
    while count < min(len(requests), _AHEAD) and size + len(requests[count]) <= _BYTES:
        size += len(requests[count])
        count += 1
    parts = [part for one in requests[:count] for part in (HEADER.pack(len(one)), one)]
    send(kernel, requests[0] if count == 1 else b"".join([SEVERAL, *parts]))
    return count


class Frame:
    """The frame that a kernel sends back, awaited for `seconds`; `taken`: of them, without what
    others took. `flooded`: whether the kernel sends so much beside it that it has to end.
    """

    def __init__(
        self,
        kernel: WarmKernel | ColdKernel,
        seconds: float,
        more_time: Callable[[], float],
        flooded: Callable[[], bool],
    ) -> None:
        assert kernel.probe is not None
        self.seconds = seconds
        self._kernel, self._channel, self._more_time, self._flooded = (
            kernel,
            kernel.probe,
            more_time,
            flooded,
        )
        self._began, self._added, self._got = time.monotonic(), 0.0, 0

    @property
    def taken(self) -> float:
        return time.monotonic() - self._began - self._added

    def receive(self) -> bytes:
        """The frame's content. Raises `TimeoutError`, `OSError` when the kernel is gone,
        `StudentFault`.
        """
        (length,) = HEADER.unpack(self._exactly(HEADER.size))
        if length > wire.MAX_BYTES:
            raise StudentFault("malformed", f"a reply of {length:,} bytes")
        return self._exactly(length)

    def called_off(self, patience_s: float) -> bool:
        """Have the kernel leave out the questions that it has not begun; the one that it has is
        interrupted after `patience_s`. Whether it can be asked others then.
        """
        if self._got:
            return False  # amid a frame nobody knows where the next one begins
        token = CALL_OFF + os.urandom(8)
        try:
            send(self._kernel, token)
            self.seconds = self.taken + patience_s
            try:
                return self._hears(token)
            except TimeoutError:
                self._kernel.signal(signal.SIGINT)
                self.seconds = self.taken + GRACE_S
                return not self._got and self._hears(token)
        except (OSError, StudentFault):
            return False

    def _hears(self, token: bytes) -> bool:
        while self.receive() != token:
            self._got = 0
        return True

    def _exactly(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            left = self.seconds - self.taken
            waited_on = [self._channel.fileno(), self._kernel.fileno()]
            readable, _, _ = select.select(waited_on, [], [], max(0.0, min(left, LOOK_S)))
            if self._flooded():
                raise StudentFault("output", WORDS["output"])
            if left <= 0:
                self._added += (added := self._more_time())
                if added:
                    continue
                raise TimeoutError
            if self._channel.fileno() in readable:
                chunk = self._channel.recv(min(count - len(data), 1 << 20))
                if not chunk:
                    raise OSError("the probe's channel closed")
                data += chunk
                self._got += len(chunk)
            elif readable and self._kernel.poll() is not None:
                raise OSError("the kernel is gone")
        return bytes(data)
