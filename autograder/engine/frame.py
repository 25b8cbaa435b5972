"""What is sent to a kernel's probe channel and what comes back: a length, then as many bytes."""

import select
import struct
import time
from collections.abc import Callable

from ..errors import StudentFault
from ..kernels.client import LOOK_S
from ..kernels.cold import ColdKernel
from ..kernels.handle import WarmKernel
from ..probe import wire

_HEADER = struct.Struct(">I")
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
    kernel.probe.sendall(_HEADER.pack(len(content)) + content)


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
        (length,) = _HEADER.unpack(self._exactly(_HEADER.size))
        if length > wire.MAX_BYTES:
            raise StudentFault("malformed", f"a reply of {length:,} bytes")
        return self._exactly(length)

    def ends_within(self, seconds: float) -> bool:
        """After an interrupt: whether the question ends with a frame, so that the kernel can be
        asked another one.
        """
        if self._got:
            return False  # amid a frame nobody knows where the next one begins
        self.seconds = self.taken + seconds
        try:
            self.receive()
        except (OSError, StudentFault):
            return False
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
