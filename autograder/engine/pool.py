"""Worker processes: forked from the coordinator, one hand-in at a time each, replaced when they
die.

Theory of operation. The coordinator has imported torch and loaded the exercise before it forks, so
workers share those pages. It runs one thread and computes nothing with torch, as the fork server
does and for the same reason. Each worker has a socket pair with the coordinator; jobs and results
are pickled, between processes that are both ours (student data travels inside as strings). The end
of a worker's pipe without a result means that it died: it is reaped, a new one is forked, and its
job is done again, at most twice. So is the job of a worker that neither answers nor dies within
`hung_s`. A worker's memory is bounded. Workers die with the coordinator (PR_SET_PDEATHSIG). A
worker to which the machine gave no result says so with `Again`; the coordinator mends what is
missing and repeats the job.

The quick ones go first: a job that takes longer than `slow_s` while others have not had their turn
is broken off, its worker replaced, and done from its start when they are through. That never
happens to the same job twice, nor to more than half of the jobs: a class that is slow throughout
loses no more than that.
"""

import contextlib
import gc
import math
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, NoReturn

ATTEMPTS = 3
MEMORY = 2 << 30  # bytes that a worker may take beyond what it was forked with
_CRASHES = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)
_LOOK_S = 1.0  # between two looks for slow jobs


@dataclass(frozen=True)
class Again:
    """What `work` returns when the machine, not the job, kept it from a result. `reason`: for
    whoever is told; `crashed`: the worker itself has ended over the job.
    """

    reason: str
    crashed: bool = False


OnFailure = Callable[[Any, int, Again, float], Any]


@dataclass
class _Worker:
    pid: int
    connection: Connection
    job: Any = None
    attempt: int = 0
    began: float = 0.0
    may_wait: bool = False  # the job may be put back


class _Queue:
    """Jobs in their order, those that were put back behind the others."""

    def __init__(self, jobs: Iterator[Any], spare: int) -> None:
        self._jobs, self._later = jobs, deque[Any]()
        self._given, self._put_back, self._spare = 0, 0, spare
        self._next = next(jobs, None)

    def take(self) -> tuple[Any, bool]:
        """The next job, None at the end, and whether it may be put back."""
        if self._next is None:
            return (self._later.popleft() if self._later else None), False
        job, self._next = self._next, next(self._jobs, None)
        self._given += 1
        return job, True

    def others_wait(self) -> bool:
        """Whether a slow job is to be put back."""
        return self._next is not None and self._put_back < self._spare + self._given // 2

    def put_back(self, job: Any) -> None:
        self._put_back += 1
        self._later.append(job)


class Pool:
    """`size` workers that apply `work`; `work` runs in the worker and must not raise for what a
    student did.
    """

    def __init__(self, size: int, work: Callable[[Any], Any]) -> None:
        self._work = work
        self._workers = [self._fork() for _ in range(size)]

    def _fork(self) -> _Worker:
        ours, theirs = Pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            others = [worker.connection for worker in getattr(self, "_workers", [])]
            self._be_worker(theirs, [ours, *others], parent)
        theirs.close()
        return _Worker(pid, ours)

    def _be_worker(self, connection: Connection, others: list[Connection], parent: int) -> NoReturn:
        try:
            from ..sandbox import syscalls  # Linux alone has it, and this

            signal.signal(signal.SIGINT, signal.SIG_IGN)
            syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
            for other in others:
                with contextlib.suppress(OSError):
                    other.close()
            gc.freeze()
            _limit_memory()
            while True:
                connection.send(self._work(connection.recv()))
        except EOFError:
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)

    @property
    def pids(self) -> list[int]:
        """Of the workers that live now."""
        return [worker.pid for worker in self._workers]

    def run(
        self,
        jobs: Iterator[Any],
        on_failure: OnFailure,
        slow_s: float = math.inf,
        hung_s: float = math.inf,
    ) -> Iterator[tuple[Any, Any]]:
        """Yield (job, result) in the order in which they are done. `on_failure(job, attempt, again,
        seconds)`: called when a try gave no result, after so many seconds (0 if its worker hung:
        that time is not the job's); returns None to try again or the result to use instead.
        `slow_s`, `hung_s`: of one job, s; the latter has to be far above what any job may take.
        """
        queue = _Queue(jobs, len(self._workers))
        for worker in self._workers:
            self._give(worker, queue)
        while busy := [worker for worker in self._workers if worker.job is not None]:
            wait([worker.connection for worker in busy], _LOOK_S)
            for worker in busy:
                job, seconds = worker.job, time.monotonic() - worker.began
                if worker.connection.poll():
                    result = self._received(worker)
                elif seconds > hung_s:
                    self._replace(worker)
                    result, seconds = Again(f"its worker did not answer within {hung_s:,g} s"), 0.0
                elif worker.may_wait and seconds > slow_s and queue.others_wait():
                    queue.put_back(job)
                    self._replace(worker)
                    self._give(worker, queue)
                    continue
                else:
                    continue
                if isinstance(result, Again):
                    worker.attempt += 1
                    result = on_failure(job, worker.attempt, result, seconds)
                if result is None:
                    self._send(worker)
                else:
                    self._give(worker, queue)
                    yield job, result

    def _give(self, worker: _Worker, queue: _Queue) -> None:
        (worker.job, worker.may_wait), worker.attempt = queue.take(), 0
        if worker.job is not None:
            self._send(worker)

    def _send(self, worker: _Worker) -> None:
        worker.began = time.monotonic()
        with contextlib.suppress(OSError):  # a worker that died while idle: recv tells
            worker.connection.send(worker.job)

    def _received(self, worker: _Worker) -> Any:
        """What a worker sent, or how it ended instead."""
        try:
            return worker.connection.recv()
        except (EOFError, OSError):
            ended = self._replace(worker)
            crashed = -ended in _CRASHES or ended == 1
            how = (
                "crashed, for lack of memory or in torch"
                if crashed
                else "ended, from outside (is memory short?)"
            )
            return Again(f"its worker {how}", crashed)

    def _replace(self, worker: _Worker) -> int:
        """Another worker in the place of one; how that one ended."""
        worker.connection.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        ended = 0
        with contextlib.suppress(ChildProcessError):
            ended = os.waitstatus_to_exitcode(os.waitpid(worker.pid, 0)[1])
        fresh = self._fork()
        worker.pid, worker.connection = fresh.pid, fresh.connection
        return ended

    def close(self) -> None:
        """End all workers and reap them."""
        for worker in self._workers:
            worker.connection.close()
        for worker in self._workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(worker.pid, 0)
        self._workers = []


def _limit_memory() -> None:
    """What a hand-in makes a worker hold ends in `MemoryError`, or in this worker, and not in this
    machine's memory.
    """
    import resource

    with contextlib.suppress(OSError, ValueError):
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = now + MEMORY if hard == resource.RLIM_INFINITY else min(hard, now + MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
