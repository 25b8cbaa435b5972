"""Worker processes: forked from the coordinator, one hand-in at a time each, replaced when they die.

Theory of operation. The coordinator has imported torch and loaded the exercise before it forks, so workers share
those pages. It runs one thread and computes nothing with torch, as the fork server does and for the same reason. Each
worker has a socket pair with the coordinator; jobs and results are pickled, between processes that are both ours
(student data travels inside as strings). The end of a worker's pipe without a result means that it died: it is
reaped, a new one is forked, and its job is done again, at most twice. A worker's memory is bounded. Workers die with
the coordinator (PR_SET_PDEATHSIG). A worker that finds no fork server says so; the coordinator restarts the server and
repeats the job.
"""

import contextlib
import gc
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, NoReturn

ATTEMPTS = 3
MEMORY = 2 << 30  # bytes that a worker may take beyond what it was forked with
_CRASHES = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)


@dataclass
class _Worker:
    pid: int
    connection: Connection
    job: Any = None
    attempt: int = 0


class Pool:
    """`size` workers that apply `work`; `work` runs in the worker and must not raise for what a student did."""

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

    def run(self, jobs: Iterator[Any], on_death: Callable[[Any, int, bool], Any]) -> Iterator[tuple[Any, Any]]:
        """Yield (job, result) in the order in which they are done. `on_death(job, attempt, by_itself)`: called
        when a worker died over a job, by a crash of its own or by something outside; returns None to try again or the
        result to use instead.
        """
        for worker in self._workers:
            self._give(worker, jobs)
        while busy := [worker for worker in self._workers if worker.job is not None]:
            ready = wait([worker.connection for worker in busy])
            for worker in busy:
                if worker.connection not in ready:
                    continue
                job = worker.job
                try:
                    result = worker.connection.recv()
                except (EOFError, OSError):
                    result = self._replace(worker, on_death)
                    if result is None:
                        continue
                self._give(worker, jobs)
                yield job, result

    def _give(self, worker: _Worker, jobs: Iterator[Any]) -> None:
        worker.job, worker.attempt = next(jobs, None), 0
        if worker.job is not None:
            self._send(worker)

    def _send(self, worker: _Worker) -> None:
        with contextlib.suppress(OSError):  # a worker that died while idle: recv tells
            worker.connection.send(worker.job)

    def _replace(self, worker: _Worker, on_death: Callable[[Any, int, bool], Any]) -> Any:
        worker.connection.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        ended = 0
        with contextlib.suppress(ChildProcessError):
            ended = os.waitstatus_to_exitcode(os.waitpid(worker.pid, 0)[1])
        fresh = self._fork()
        worker.pid, worker.connection = fresh.pid, fresh.connection
        worker.attempt += 1
        result = on_death(worker.job, worker.attempt, -ended in _CRASHES or ended == 1)
        if result is None:
            self._send(worker)
        return result

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
    """What a hand-in makes a worker hold ends in `MemoryError`, or in this worker, and not in this machine's memory."""
    import resource

    with contextlib.suppress(OSError, ValueError):
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = now + MEMORY if hard == resource.RLIM_INFINITY else min(hard, now + MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
