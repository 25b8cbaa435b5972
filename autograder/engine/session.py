"""Runs one hand-in's cells in a confined kernel and carries the judge's questions into it.

Theory of operation. A `Session` owns at most one kernel at a time. `run` executes the code cells in order, except
test cells: their verdicts are formed outside. A cell that overstays is interrupted (what it defined before stays, as
in stock nbgrader); one that will not be interrupted, floods its output or ends the kernel is the *culprit*: the
kernel is killed, a fresh one takes over, and all cells before and after the culprit are run again without it, so that
one bad exercise does not take the others along. The same holds for a question that ends the kernel. Kernels are cheap
(tens of ms); restarts and time are bounded all the same, and what does not fit scores 0. `ask` is the judge's: it
sends a request over the probe channel and returns the decoded reply or raises `StudentFault`. Nothing that comes back
is believed: bytes of bounded length, decoded by `wire`.
"""

import contextlib
import select
import signal
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import wire
from ..errors import StudentFault, WireError
from ..kernels.client import CellResult, KernelClient
from ..kernels.cold import ColdKernel
from ..kernels.handle import ForkServer, KernelError, WarmKernel
from ..sandbox import LayerReport, Limits

_HEADER = struct.Struct(">I")
_GRACE_S = 2.0  # for a cell to end after SIGINT
_PATIENCE = 4.0  # times `total_s`, at most, for time that others took
_TRIFLE_S = 0.05
COLD = "cold"  # in place of a fork server's address: ordinary kernels, confined by nothing
_PACKAGE = Path(__file__).resolve().parent.parent
_PROGRAM = """
import course_probe, course_wire
run, encode, decode = course_probe.run, course_wire.encode, course_wire.decode
def answer(request, namespace):
    return encode(run(decode(request), namespace))
"""
WORDS = {
    "timeout": "did not finish in time",
    "died": "ended the kernel",
    "output": "printed more than is kept, or cut its outputs off",
    "memory": "used more memory than allowed",
}


def probe_sources() -> dict[str, str]:
    """What the fork server loads for the probe channel: module name to source."""
    return {f"course_{name}": (_PACKAGE / f"{name}.py").read_text(encoding="utf-8") for name in ("wire", "probe")}


def start_server(layers: LayerReport) -> ForkServer:
    """A run's fork server, which is still starting: `wait_ready` before it is asked for a kernel."""
    return ForkServer(layers.active, layers.privileged, sources=probe_sources(), die_with_parent=True, wait=False)


@dataclass(frozen=True)
class Budget:
    """Of one hand-in, s and bytes. `cell_s` of each cell, `probe_s` of each question of the judge, `total_s` of all
    together. Time does not count while the kernel, or the worker, is ready and other processes have the cores; nor does
    the time that the judge takes between two questions.
    """

    cell_s: float = 30.0
    probe_s: float = 20.0
    total_s: float = 300.0
    output_bytes: int = 8 << 20
    restarts: int = 8


@dataclass
class Session:
    """One hand-in's run. Close it. `address`: a fork server's, or `COLD`; `culprits`: cell index to what it did;
    `results`: cell index to what it printed.
    """

    address: str
    budget: Budget = field(default_factory=Budget)
    limits: Limits = field(default_factory=Limits)
    results: dict[int, CellResult] = field(default_factory=dict)
    culprits: dict[int, str] = field(default_factory=dict)
    kernel_seconds: list[float] = field(default_factory=list)
    on_idle: Callable[[], None] | None = None
    _cells: list[tuple[int, str]] = field(default_factory=list)
    _kernel: WarmKernel | ColdKernel | None = None
    _client: KernelClient | None = None
    _deadline: float = 0.0
    _asked: float = 0.0  # when the judge got its last answer
    _waited: float = 0.0  # of this process, when last looked at
    _patience: float = 0.0

    def run(self, cells: list[tuple[int, str]]) -> None:
        """Execute `cells`, pairs of index and source. Student code never makes this raise; `KernelError` means the
        machine.
        """
        self._cells = cells
        self._deadline = time.monotonic() + self.budget.total_s
        self._patience = _PATIENCE * self.budget.total_s
        self._waited = _waited_s()
        self._replay()
        self._asked = time.monotonic()

    def ask(self, request: dict[str, Any]) -> Any:
        """The judge's: carry a request to the probe. Raises `StudentFault`; `KernelError` without a fork server."""
        self._deadline += time.monotonic() - self._asked
        try:
            return self._ask(request)
        finally:
            self._asked = time.monotonic()

    def _ask(self, request: dict[str, Any]) -> Any:
        if self._kernel is None or self._kernel.poll() is not None:
            self._replay()
        if self._kernel is None:
            raise StudentFault("timeout", "the hand-in has used up its time or its restarts")
        reply = self._exchange(wire.encode(request))
        try:
            return wire.decode(reply)
        except WireError as error:
            raise StudentFault("malformed", str(error)) from None

    def close(self) -> None:
        """End the kernel and all that it started."""
        if self._client is not None:
            self._client.close()
        if self._kernel is not None:
            self._kernel.kill()
        self._client = self._kernel = None

    def _replay(self) -> None:
        """A fresh kernel with all cells but the culprits run in it; again without the next culprit, while the budget
        lasts.
        """
        while len(self.kernel_seconds) <= self.budget.restarts and self._time_left():
            self._start()
            if self._run_cells():
                return
        self.close()

    def _time_left(self) -> bool:
        return time.monotonic() < self._deadline or self._more_time() > 0

    def _more_time(self) -> float:
        """Seconds, since this was last asked, that other processes took from the kernel or from us: they are given
        back, to the deadline of all here, to that of a cell or a question by the caller. 0 if they are a trifle.
        """
        waited = _waited_s()
        taken = waited - self._waited + (self._kernel.waited() if self._kernel is not None else 0.0)
        taken = min(taken, self._patience)
        self._waited = waited
        self._patience -= taken
        self._deadline += taken
        return taken if taken > _TRIFLE_S else 0.0

    def _start(self) -> None:
        self.close()
        started = time.monotonic()
        if self.address == COLD:
            self._kernel = ColdKernel(probe_sources())
        else:
            self._kernel = WarmKernel(self.address, probe=True, limits=self.limits.as_dict(), env={})
        self._client = KernelClient(self._kernel)
        self._client.wait_ready()
        if isinstance(self._kernel, ColdKernel):
            self._kernel.open_probe(self._client)
        self.kernel_seconds.append(time.monotonic() - started)
        assert self._kernel.probe is not None
        program = _PROGRAM.encode()
        self._kernel.probe.sendall(_HEADER.pack(len(program)) + program)

    def _run_cells(self) -> bool:
        """False if a cell turned out to be a culprit."""
        for index, source in self._cells:
            if index in self.culprits:
                continue
            result = self._execute(source)
            if result.status in ("timeout", "died", "output"):
                if result.status == "died":
                    result.status = self._cause()
                self.culprits[index] = result.status
                self.results[index] = result
                return False
            self.results.setdefault(index, result)
        return True

    def _execute(self, source: str) -> CellResult:
        assert self._client is not None and self._kernel is not None
        left = self._deadline - time.monotonic()
        seconds = min(self.budget.cell_s, max(left, 0.1))
        result = self._client.execute(source, seconds, self.budget.output_bytes, more_time=self._more_time)
        if result.status == "timeout":
            self._kernel.signal(signal.SIGINT)
            if self._client.wait_idle(_GRACE_S, self._more_time):
                result.status = "interrupted"
        return result

    def _cause(self) -> str:
        """Why the kernel ended. Raises `KernelError` if that was no doing of the student's."""
        assert self._kernel is not None
        exited = self._kernel.poll(2.0) or {}
        if exited.get("cause") in ("server", "outside"):
            self.close()
            raise KernelError("The fork server or another process ended the kernel: the hand-in is to be graded again.")
        if exited.get("cause") == "memory":
            return "memory"
        return (
            "timeout" if exited.get("cause") in ("wall", "cpu") or exited.get("status") == -signal.SIGXCPU else "died"
        )

    def _exchange(self, request: bytes) -> bytes:
        kernel = self._kernel
        assert kernel is not None and kernel.probe is not None
        deadline = min(time.monotonic() + self.budget.probe_s, self._deadline)
        try:
            kernel.probe.settimeout(max(0.1, deadline - time.monotonic()))
            kernel.probe.sendall(_HEADER.pack(len(request)) + request)
            if self.on_idle is not None:
                self.on_idle()
            header = self._receive(kernel, kernel.probe, _HEADER.size, deadline)
            (length,) = _HEADER.unpack(header)
            if length > wire.MAX_BYTES:
                raise StudentFault("malformed", f"a reply of {length:,} bytes")
            return self._receive(kernel, kernel.probe, length, deadline)
        except StudentFault:
            self.close()
            raise
        except TimeoutError:
            self.close()
            raise StudentFault("timeout", f"no reply within {self.budget.probe_s:.0f} s") from None
        except OSError:
            cause = self._cause()
            self.close()
            raise StudentFault(cause if cause in ("memory", "timeout") else "died", WORDS[cause]) from None

    def _receive(self, kernel: WarmKernel | ColdKernel, channel: socket.socket, count: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < count:
            left = deadline - time.monotonic()
            readable, _, _ = select.select([channel.fileno(), kernel.fileno()], [], [], max(0.0, left))
            if not readable:
                added = self._more_time()
                deadline += added
                if added:
                    continue
                raise TimeoutError
            if channel.fileno() in readable:
                chunk = channel.recv(min(count - len(data), 1 << 20))
                if not chunk:
                    raise OSError("the probe's channel closed")
                data += chunk
            elif kernel.poll() is not None:
                raise OSError("the kernel is gone")
        return bytes(data)


def _waited_s() -> float:
    """Seconds that this thread has stood ready without a core; 0 where that is not counted."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


@contextlib.contextmanager
def session(address: str, budget: Budget, limits: Limits):  # type: ignore[no-untyped-def]  # yields a Session
    """A session that is closed at the end whatever happens."""
    opened = Session(address, budget, limits)
    try:
        yield opened
    finally:
        opened.close()


__all__ = ["COLD", "Budget", "KernelError", "Session", "probe_sources", "session"]
