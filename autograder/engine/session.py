"""Runs one hand-in's cells in a confined kernel, in order, and carries the judge's questions into
it where a test stands.

Theory of operation. A `Session` owns at most one kernel at a time. `play` goes through the steps:
cells are executed, at a `Mark` the caller's judge asks about a test with `ask`. A cell that
overstays is interrupted (what it defined before stays, as in stock nbgrader); one that will not be
interrupted, floods its output or ends the kernel is the *culprit*: the kernel is killed, a fresh
one takes over when it is next needed, and the cells so far are run again without the culprit, so
that one bad cell costs itself alone. A question that overstays is interrupted, too. One that ends
the kernel is asked once more in a fresh one: only a function that does so again is to blame, not
something that an earlier cell left behind. Kernels are cheap (tens of ms); restarts and time are
bounded all the same (`clock`), and what does not fit scores 0.

A cell that stops at a package that is not there is run once more with a stand-in for it, which
raises where it is used, so that an import that nothing needs costs nothing (probe/packages.py). Of
a cell that stops because a file, the network, a package or a GPU is not there, the functions and
classes are taken all the same, and what cannot depend on it (`taken`): where it was written, it
ran.

Nothing that comes back is believed: bytes of bounded length, decoded by `wire`.
"""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import parsing
from ..errors import KernelError
from ..kernels.client import KernelClient
from ..kernels.cold import ColdKernel
from ..kernels.handle import WarmKernel
from ..kernels.outputs import CellResult
from ..kernels.zmqclient import ZmqClient
from ..sandbox import Limits
from . import frame, stops
from .asking import Asking
from .clock import Budget, Clock
from .frame import GRACE_S
from .server import probe_sources
from .steps import Cell, Mark

COLD = "cold"  # in place of a fork server's address: ordinary kernels, confined by nothing
_PROGRAM = """
import os
from course_probe.entry import answer as reply
from course_probe.wire import decode, encode
home = os.getcwd()
def answer(request, namespace):
    try:
        here = os.getcwd()
    except OSError:
        here = home
    os.chdir(home)
    try:
        return encode(reply(decode(request), namespace))
    finally:
        os.chdir(here)
"""
_OFFER = "import course_probe.packages; course_probe.packages.offer({!r}); del course_probe"


@dataclass
class Session(Asking):
    """One pass over a hand-in. Close it. `address`: a fork server's, or `COLD`. By a cell's index:
    `culprits`, what it did; `results`, what it printed; `missing`, packages that it asked for in
    vain. `exits`: cells that asked the kernel to end, which nobody followed; `lacking`: cells that
    stopped where a file, the network, a package or a GPU is not there, and at which exception;
    their definitions were taken. `subject`: the function that questions are about now.
    """

    limits: Limits = field(default_factory=Limits)
    results: dict[int, CellResult] = field(default_factory=dict)
    culprits: dict[int, str] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    exits: set[int] = field(default_factory=set)
    lacking: dict[int, str] = field(default_factory=dict)
    kernel_seconds: list[float] = field(default_factory=list)
    questions: bool = True  # whether the judge will ask any
    environment: Mapping[str, str] = field(default_factory=dict)
    beside: str = ""  # folder whose files lie in the kernel's own
    position: int = 0  # of the step that is being done
    _steps: Sequence[Cell | Mark] = ()
    _left_out: set[int] = field(default_factory=set)  # positions of culprits
    _offers: dict[int, set[str]] = field(default_factory=dict)  # position → stand-ins from there on
    _kept: int = 0  # characters of outputs

    def play(
        self, steps: Sequence[Cell | Mark], judge: Callable[[str], None] = lambda test: None
    ) -> None:
        """Go through `steps`; `judge(test)` is called at each mark and may `ask`. Student code
        never makes this raise; `KernelError` means the machine.
        """
        self._steps = steps
        self.clock.start()
        for position, step in enumerate(steps):
            self.position = position
            if isinstance(step, Mark):
                judge(step.test)
            else:
                self._perform(position, step)
        self.position = len(steps)

    def close(self) -> None:
        """End the kernel and all that it started."""
        if self._client is not None:
            self._client.close()
        if self._kernel is not None:
            self._kernel.kill()
        self._client = self._kernel = None
        self._sent = 0

    def _ready(self) -> bool:
        """Whether there is a kernel in which the cells so far have run, the culprits left out; a
        fresh one if need be, while the budget lasts.
        """
        while self._kernel is None or self._kernel.poll() is not None:
            if (
                len(self.kernel_seconds) > self.budget.restarts
                or self._seconds_left(needed=True) <= 0
            ):
                self.close()
                return False
            self._start()
            for position, step in enumerate(self._steps[: self.position]):
                if not self._again(position, step):
                    break
        return True

    def _again(self, position: int, step: Cell | Mark) -> bool:
        """Repeat a step for its effects; False if that ended the kernel."""
        for package in self._offers.get(position, ()):
            self._execute(_OFFER.format(package), needed=True)
        if (
            isinstance(step, Mark)
            or position in self._left_out
            or self._seconds_left(step.needed) <= 0
        ):
            return True
        alive = self._harmless(position, step, self._execute(step.source, step.needed))
        return alive and (step.index not in self.lacking or step.quiet or self._define(step))

    def _perform(self, position: int, cell: Cell) -> None:
        if self._seconds_left(cell.needed) <= 0 or not self._ready():
            if not cell.quiet:
                self.results.setdefault(cell.index, CellResult(status="spent"))
            return
        result = self._execute(cell.source, cell.needed)
        while self._lacks_a_package(result) and self._offer(
            stops.missing(result.outputs), cell.index
        ):
            result = self._execute(cell.source, cell.needed)
        if self._harmless(position, cell, result) and not cell.quiet:
            self._keep(cell.index, result)
            if stops.asks_to_end(result.reply):
                self.exits.add(cell.index)
            if (
                self.questions
                and (error := stops.lacks(result))
                and parsing.definitions(cell.source)
            ):
                self.lacking[cell.index] = error
                self._define(cell)

    def _lacks_a_package(self, result: CellResult) -> bool:
        """Whether a stand-in may help. Where no judge asks, a cell counts as it ran, as in stock
        nbgrader.
        """
        return self.questions and result.status == "error" and bool(stops.missing(result.outputs))

    def _define(self, cell: Cell) -> bool:
        """Take the definitions of a cell that lacks something; False, and not again, if that ends
        the kernel.
        """
        result = self._execute(parsing.definitions(cell.source), needed=True)
        if result.status not in ("timeout", "died", "output"):
            return True
        if result.status == "died":
            self._cause()
        del self.lacking[cell.index]
        self.close()
        return False

    def _harmless(self, position: int, cell: Cell, result: CellResult) -> bool:
        """False if the cell turned out to be a culprit."""
        if result.status not in ("timeout", "died", "output"):
            return True
        if result.status == "died":
            result.status = self._cause()
        self._left_out.add(position)
        if not cell.quiet:
            self.culprits[cell.index] = result.status
            self._keep(cell.index, result)
        self.close()
        return False

    def _keep(self, index: int, result: CellResult) -> None:
        """Remember what a cell printed, until the hand-in has printed enough."""
        self._kept += sum(len(str(output)) for output in result.outputs)
        if self._kept > self.budget.kept_bytes:
            text = "… left out: the notebook prints more than is kept …"
            result.outputs = [{"output_type": "stream", "name": "stderr", "text": text}]
        self.results[index] = result

    def _offer(self, package: str, index: int = -1) -> bool:
        """Have the kernel put a stand-in in the place of a package that is not there; False if it
        had one.
        """
        if self._offered(package) or self._kernel is None:
            return False
        self._offers.setdefault(self.position, set()).add(package)
        self.missing[package] = index
        self._execute(_OFFER.format(package), needed=True)
        return True

    def _offered(self, package: str) -> bool:
        return any(package in offered for offered in self._offers.values())

    def _seconds_left(self, needed: bool) -> float:
        """For cells. What tests depend on has as much again as one cell may take, however long the
        others took.
        """
        reserve = self.budget.cell_s if needed else 0.0
        if self.clock.cells_s + reserve <= 0:
            self._give_back()
        return self.clock.cells_s + reserve

    def _start(self) -> None:
        self.close()
        started = time.monotonic()
        if self.address == COLD:
            self._kernel = ColdKernel(
                probe_sources() if self.questions else {}, self.environment, self.beside
            )
            self._client = ZmqClient(self._kernel)
        else:
            self._kernel = WarmKernel(
                self.address, probe=self.questions, limits=self.limits.as_dict(),
                env=self.environment, seed=0,
                beside=self.beside,
            )  # fmt: skip
            self._client = KernelClient(self._kernel)
        self._client.wait_ready()
        if isinstance(self._kernel, ColdKernel) and self.questions:
            self._kernel.open_probe(self._client)
        self.kernel_seconds.append(time.monotonic() - started)
        if not self.questions:
            return
        assert self._kernel.probe is not None
        program = _PROGRAM.encode()
        frame.send(self._kernel, program)

    def _execute(self, source: str, needed: bool = False) -> CellResult:
        assert self._client is not None and self._kernel is not None
        started, given_back = time.monotonic(), 0.0

        def more_time() -> float:
            nonlocal given_back
            given_back += (added := self._more_time())
            return added

        seconds = min(self.budget.cell_s, max(self._seconds_left(needed), 0.1))
        result = self._client.execute(
            source, seconds, self.budget.output_bytes, more_time=more_time
        )
        if result.status == "timeout":
            self._kernel.signal(signal.SIGINT)
            if self._client.wait_idle(GRACE_S, more_time):
                result.status = "interrupted"
        self.clock.cells_s -= time.monotonic() - started - given_back
        return result

    def _cause(self) -> str:
        """Why the kernel ended. Raises `KernelError` if that was no doing of the student's."""
        assert self._kernel is not None
        exited = self._kernel.poll(2.0)
        cause, status = (exited["cause"], exited["status"]) if exited else ("", None)
        if cause in ("server", "outside"):
            self.close()
            raise KernelError(
                "the fork server or another process ended the kernel (is memory short?)"
            )
        if cause == "memory":
            return "memory"
        return "timeout" if cause in ("wall", "cpu") or status == -signal.SIGXCPU else "died"


@contextlib.contextmanager
def session(address: str, clock: Clock | Budget, limits: Limits, **more: Any) -> Iterator[Session]:
    """A session that is closed at the end whatever happens; `more`: further fields of it."""
    kept = clock if isinstance(clock, Clock) else Clock(clock)
    opened = Session(address, kept, limits=limits, **more)
    try:
        yield opened
    finally:
        opened.close()


__all__ = ["COLD", "Budget", "Cell", "Clock", "Mark", "Session", "session"]
