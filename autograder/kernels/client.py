"""A blocking client of one warm kernel's cells. For the grading engine and the benchmark.

Theory of operation. A cell's source goes out as one frame; its outputs and, last, its reply come
back as one each (cells.py), beside what the kernel's processes write to descriptors 1 and 2. What
comes from the kernel is the student's: frames are bounded, parsed as JSON inside `try`, and
believed only as "this cell printed that"; a kernel that lies can only lie about its own outputs.
Nothing is gathered beyond a frame: a kernel that sends more than is read waits. `execute` returns
when the reply has come, or the time or the output is used up, or the kernel is gone, whichever is
first. Between cells what is printed is read and dropped, so that nobody waits for us to read it.
"""

import codecs
import contextlib
import json
import os
import select
import time
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import KernelError, WireError
from .handle import WarmKernel
from .outputs import CellResult, Collector
from .probing import HEADER, READY

MAX_FRAME = 16 << 20  # bytes
LOOK_S = 0.1  # between two looks at the clock
_EXIT_S = 2.0  # between the end of a dying kernel's channel and the news of its end
_CHUNK = 1 << 18
_CHUNKS = 16  # that are dropped at once
MOST_DROPPED = 64 << 20  # bytes, between two cells


class KernelClient:
    """Talk to `kernel`. Closing the client does not end the kernel."""

    def __init__(self, kernel: WarmKernel) -> None:
        assert kernel.cells is not None
        self.kernel = kernel
        self._channel = kernel.cells
        self._raw = {number: name for name, number in kernel.raw.items()}
        self._decoders = {
            name: codecs.getincrementaldecoder("utf-8")("replace") for name in kernel.raw
        }
        self._data = bytearray()  # of frames that are not complete
        self._read = 0  # bytes that came, of the cell that runs
        self._dropped, self._looked = 0, 0.0
        self._poll = select.poll()
        for number in (self._channel.fileno(), kernel.fileno(), *self._raw):
            self._poll.register(number, select.POLLIN)

    def wait_ready(self, timeout_s: float = 60.0) -> None:
        """Return when the kernel takes cells. Raises `KernelError` if it does not within
        `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        with contextlib.suppress(WireError):
            while (left := deadline - time.monotonic()) > 0 and not self._gone(self._wait(left)):
                if any(message.get("msg_type") == READY for message in self._messages()):
                    return
        exited = self.kernel.poll(_EXIT_S)
        if exited is None:
            raise KernelError(f"A kernel did not become ready within {timeout_s:.0f} s.")
        reason = exited["error"].strip()[-1500:] or f"{exited['cause'] or 'it'} ended it"
        raise KernelError(f"A kernel ended before it was asked for anything: {reason}")

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
        result = CellResult()
        collector = Collector(result, max_output)
        self.swollen(at_once=True)  # what was printed since the last cell
        self._read, self._dropped, bound = 0, 0, 2 * max_output + MAX_FRAME
        try:
            self._send(code, timeout_s)
            for left in _looks(started + timeout_s, more_time):
                gone = self._gone(self._wait(min(left, LOOK_S)), collector)
                for message in self._messages():
                    if message.get("msg_type") == "execute_reply":
                        self._take_raw(collector)
                        return self._replied(result, message.get("content"), collector, started)
                    collector.add(message)
                if collector.full or self._read > bound:
                    result.status = "output"
                    break
                if gone:
                    break
            else:
                result.status = "timeout"
        except WireError:
            result.status = "output" if self.kernel.poll(_EXIT_S) is None else "died"
        except TimeoutError:
            result.status = "timeout"
        except OSError:
            result.status = "died"
        result.seconds = time.monotonic() - started
        return result

    @staticmethod
    def _replied(
        result: CellResult, reply: Any, collector: Collector, started: float
    ) -> CellResult:
        result.reply = reply if isinstance(reply, dict) else {}
        result.status = "ok" if result.reply.get("status") == "ok" else "error"
        if collector.full:
            result.status = "output"
        count = result.reply.get("execution_count")
        result.execution_count = count if isinstance(count, int) and 0 <= count < 10**6 else None
        result.seconds = time.monotonic() - started
        return result

    def wait_idle(self, timeout_s: float, more_time: Callable[[], float] | None = None) -> bool:
        """After a timeout and SIGINT: whether the cell ends within `timeout_s`."""
        with contextlib.suppress(WireError, OSError):
            for left in _looks(time.monotonic() + timeout_s, more_time):
                gone = self._gone(self._wait(min(left, LOOK_S)))
                if any(message.get("msg_type") == "execute_reply" for message in self._messages()):
                    return True
                if gone:
                    return False
        return False

    def swollen(self, at_once: bool = False) -> bool:
        """Drop what is printed while no cell runs; whether that is more than any notebook
        prints.
        """
        now = time.monotonic()
        if at_once or now - self._looked > LOOK_S / 2:
            self._looked, before = now, self._read
            with contextlib.suppress(WireError, OSError):
                for _ in range(_CHUNKS):
                    ready = {number for number, _ in self._poll.poll(0)}
                    if ready.isdisjoint([self._channel.fileno(), *self._raw]):
                        break
                    self._gone(ready)
                    for _ in self._messages():
                        pass
            self._dropped += self._read - before
        return self._dropped > MOST_DROPPED

    def close(self) -> None:
        """Nothing is the client's own: the kernel closes its channels."""

    def _send(self, code: str, timeout_s: float) -> None:
        data = code.encode("utf-8", "surrogatepass")
        self._channel.settimeout(timeout_s)  # a kernel that does not read
        self._channel.sendall(HEADER.pack(len(data)) + data)

    def _wait(self, timeout_s: float) -> set[int]:
        """The descriptors that have something to say."""
        return {number for number, _ in self._poll.poll(max(1, int(timeout_s * 1000)))}

    def _gone(self, ready: set[int], collector: Collector | None = None) -> bool:
        """Read what there is; whether the kernel has ended. Raises `WireError`."""
        if not self._raw.keys().isdisjoint(ready):
            self._take_raw(collector)
        gone = self.kernel.fileno() in ready and self.kernel.poll() is not None
        if self._channel.fileno() in ready or gone:
            self._channel.settimeout(0.0)
            with contextlib.suppress(BlockingIOError):
                chunk = self._channel.recv(_CHUNK)
                if not chunk and not gone:
                    raise WireError("the kernel has closed its channel")
                self._data += chunk
                self._read += len(chunk)
        return gone

    def _take_raw(self, collector: Collector | None) -> None:
        for number, name in list(self._raw.items()):
            with contextlib.suppress(BlockingIOError):
                data = os.read(number, _CHUNK)
                if not data:  # closed by all that had it
                    self._poll.unregister(number)
                    del self._raw[number]
                    continue
                self._read += len(data)
                content = {"name": name, "text": self._decoders[name].decode(data)}
                if collector is not None:
                    collector.add({"msg_type": "stream", "content": content})

    def _messages(self) -> Iterator[dict[str, Any]]:
        """The frames that are complete, as far as they are messages. Raises `WireError`."""
        while len(self._data) >= HEADER.size:
            (length,) = HEADER.unpack_from(self._data)
            if length > MAX_FRAME:
                raise WireError(f"a frame of {length:,} bytes")
            if len(self._data) < HEADER.size + length:
                return
            frame = bytes(self._data[HEADER.size : HEADER.size + length])
            del self._data[: HEADER.size + length]
            # whatever the student's process sent instead of a message
            with contextlib.suppress(Exception):
                message = json.loads(frame)
                if isinstance(message, dict):
                    yield message


def _looks(deadline: float, more_time: Callable[[], float] | None) -> Iterator[float]:
    """The seconds that are left, at each look at the clock while there are any."""
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            added = more_time() if more_time else 0.0
            if not added:
                return
            deadline += added
            continue
        yield left
