"""Carries the judge's questions about what a hand-in has defined into its kernel, and the answers
back.

Theory of operation. Several questions go in one message, since to hand over and back costs as much
as most answers; they are carried out one after the other, and each answer is sent as soon as it is
there. So who overstays or dies is known as if each had been asked alone, and each has its own time.
What the judge does not want any more, since an earlier question has decided, is called off; a
question that has begun by then is interrupted after a while. Where that has taken long, or ended
the kernel, this hand-in is asked one question at a time from then on.
"""

import contextlib
from abc import ABC, abstractmethod
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ..errors import StudentFault, WireError
from ..kernels.client import KernelClient
from ..kernels.cold import ColdKernel
from ..kernels.handle import WarmKernel
from ..kernels.zmqclient import ZmqClient
from ..probe import wire
from ..probe.messages import Request, Together
from . import frame, stops
from .clock import Budget, Clock
from .frame import GRACE_S, WORDS

_PROMPT_S = 0.2  # within which questions that were sent are given up


@dataclass
class Asking(ABC):
    """What a `Session` knows of questions; it has the kernel."""

    address: str
    clock: Clock
    subject: str = ""
    on_idle: Callable[[], None] | None = None
    _asked_s: defaultdict[str, float] = field(
        default_factory=lambda: defaultdict(float)
    )  # function → seconds of its questions
    _deaths: Counter[str] = field(default_factory=Counter)
    _ahead: bool = True  # whether several questions are sent in one message
    _sent: int = 0  # of them, those whose answers have not come yet
    _kernel: WarmKernel | ColdKernel | None = None
    _client: KernelClient | ZmqClient | None = None

    @property
    def budget(self) -> Budget:
        """The limits of the hand-in's clock."""
        return self.clock.budget

    @abstractmethod
    def close(self) -> None:
        """End the kernel."""

    @abstractmethod
    def _ready(self) -> bool:
        """Whether there is a kernel to ask."""

    @abstractmethod
    def _offer(self, package: str) -> bool:
        """Whether a stand-in has been put in the place of a package."""

    @abstractmethod
    def _offered(self, package: str) -> bool:
        """Whether it had been before."""

    @abstractmethod
    def _cause(self) -> str:
        """Why the kernel ended."""

    def ask(self, request: Request | Together) -> Any:
        """The judge's: carry a request to the probe. Raises as `ask_ahead` does."""
        with contextlib.closing(self.ask_ahead([request])) as replies:
            return next(replies)

    def ask_ahead(self, requests: Iterable[Request | Together]) -> Generator[Any, None, None]:
        """The judge's: carry requests to the probe, as many in one message as may be; the replies,
        one by one. Raises `StudentFault` in the place of one; `KernelError` without a fork server.
        To be closed: what is not wanted any more is left out.
        """
        waiting, offered = deque(map(wire.encode, requests)), False
        try:
            while waiting:
                if not self._sent:
                    self.clock.start()
                reply = self._decoded(self._answer(waiting))
                package = "" if offered else stops.missing_in(reply)
                if package and not self._offered(package):
                    self._call_off()
                    offered = self._offer(package)
                    continue
                waiting.popleft()
                offered = False
                yield reply
        finally:
            self._call_off()

    @staticmethod
    def _decoded(reply: bytes) -> Any:
        try:
            return wire.decode(reply)
        except WireError as error:
            raise StudentFault("malformed", str(error)) from None

    def _answer(self, waiting: Sequence[bytes]) -> bytes:
        """That to the first of them."""
        while True:
            if not self._sent and not self._ready():
                raise StudentFault("spent", "the hand-in has used up its time or its restarts")
            try:
                return self._exchange(waiting)
            except StudentFault as fault:
                if fault.kind != "died" or self._deaths[self.subject]:
                    raise
                self._deaths[self.subject] += 1

    def _call_off(self) -> None:
        """Leave out the questions that were sent and not answered. Where that takes long or ends
        the kernel, questions are asked one by one from then on.
        """
        if self._sent and self._kernel is not None and self._client is not None:
            rest = frame.Frame(self._kernel, 0.0, self._more_time, self._client.swollen)
            alive = rest.called_off(GRACE_S)
            self._ahead = self._ahead and alive and rest.taken < _PROMPT_S
            self._sent = 0
            if not alive:
                self.close()

    def _seconds_to_ask(self) -> tuple[float, float]:
        """For a question: of all, and of those about its function."""
        return self.clock.questions_s, self.budget.cell_s - self._asked_s[self.subject]

    def _give_back(self) -> None:
        """Before time is called used up: what others took of it meanwhile, and no deadline has
        asked about.
        """
        added = self._more_time()
        self.clock.cells_s += added
        self.clock.questions_s += added
        self._asked_s[self.subject] -= added

    def _more_time(self) -> float:
        """Seconds, since this was last asked, that other processes took from the kernel or
        from us.
        """
        return self.clock.others_took(self._kernel.waited() if self._kernel is not None else 0.0)

    def _exchange(self, waiting: Sequence[bytes]) -> bytes:
        """The answer to the first question, sent with those after it if it was not yet. Raises
        `StudentFault`.
        """
        kernel = self._kernel
        assert kernel is not None and kernel.probe is not None and self._client is not None
        if min(self._seconds_to_ask()) <= 0:
            self._give_back()
        of_all, of_function = self._seconds_to_ask()
        seconds = min(self.budget.probe_s, of_function, of_all)
        if seconds <= 0:
            raise StudentFault(
                "timeout" if of_function <= 0 else "spent", "the time for its questions is used up"
            )
        answer = frame.Frame(kernel, seconds, self._more_time, self._client.swollen)
        try:
            kernel.probe.settimeout(seconds + GRACE_S)
            if not self._sent:
                ahead = len(waiting) if self._ahead else 1
                self._sent = frame.send_together(kernel, [*islice(waiting, ahead)])
            if self.on_idle is not None:
                self.on_idle()
            reply = answer.receive()
            self._sent -= 1
            return reply
        except StudentFault:
            self.close()
            raise
        except TimeoutError:
            self._sent = 0
            if not answer.called_off(0.0):
                self.close()
            raise StudentFault("timeout", f"no reply within {answer.seconds:.0f} s") from None
        except OSError:
            cause = self._cause()
            self.close()
            raise StudentFault(
                cause if cause in ("memory", "timeout") else "died", WORDS[cause]
            ) from None
        finally:
            self._asked_s[self.subject] += answer.taken
            self.clock.questions_s -= answer.taken
