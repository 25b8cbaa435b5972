"""The fork server: one process that has imported torch, and forks it for each kernel.

Theory of operation ------------------- *Processes.* `ForkServer` (handle.py) execs this file with a
clean environment. Sandboxed, the process splits: the outer half stays as a stub that only waits;
the inner half is PID 1 of its own tree, behind the read-only view, and does all the rest. It
imports the heavy modules once, rehearses a kernel in a throw-away child to learn which modules the
first execution would still import, imports those too, and freezes its objects out of the
collector's sight so that the pages stay shared. *One thread.* A forked child of a process with
threads can hang on a lock that nobody will release. So torch runs on one thread here and computes
nothing, no zmq context exists, no event loop runs, and `/proc/self/task` is counted before each
fork: more than one entry is fatal. *Nothing to steal.* The reference solutions, the course's secret
and the gradebook are never in this process; it learns of a hand-in only that somebody wants a
kernel. *Connections.*
Clients connect to a Unix socket (SEQPACKET) in a directory that only the instructor can enter; the
listening descriptor is handed over by exec. One connection is one kernel: the first message asks
for it and carries its descriptors; the connection's end ends the kernel, whoever has died. The
answer is one `exit` message when the kernel is gone and reaped. *Descriptors.* The child keeps its
own (its channels, its report pipe) and closes every other one, the server's listening socket and
the siblings' connections included. *Ends.* Children are watched by pidfd, reaped here. SIGKILL to
a confined kernel, PID 1 of its tree, kills the tree; an unconfined one is killed by process group.
The server ends when its lifeline (a pipe whose other end the launcher holds) closes, or by
PR_SET_PDEATHSIG; being PID 1 it then takes all kernels along.
*Watchdog.* Every 0.2 s while kernels live: wall time, less what other processes' load has cost the
kernel, and the private memory and the sockets of each kernel's tree against its limits.

This file imports nothing of the project except `autograder.sandbox` and its own siblings, and may
be read by student code.
"""

import contextlib
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if (
    __name__ == "__main__"
):  # started by path in isolated mode, so that nothing else of the project can be imported later
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from autograder.kernels import child, measure, messages, warmup
from autograder.sandbox import confine, syscalls
from autograder.sandbox.layers.pid import new_tree, old_tree

_WATCH_S = 0.2
_PATIENCE = 4  # times the wall limit, at most, for time that others took
_CPU_STEP_S = 0.5  # by which the system's count and ours may differ
_PAGE = resource.getpagesize()


@dataclass
class _Kernel:
    """A forked kernel as the server sees it. `cause`: why it was killed, if the server did it or
    can tell.
    """

    pid: int
    pidfd: int
    connection: socket.socket
    report: int
    started: float
    limits: dict[str, float]
    confined: bool
    cause: str = ""
    error: str = ""
    descendants: set[int] = field(default_factory=set)


class Server:
    """The loop. `settings`: layers, privileged, modules, lifeline and listener descriptors."""

    def __init__(self, settings: dict[str, Any], listener: socket.socket) -> None:
        self._layers: list[str] = settings["layers"]
        self._privileged: bool = settings["privileged"]
        self._lifeline: int = settings["lifeline"]
        self._listener = listener
        self._kernels: dict[int, _Kernel] = {}  # by descriptor of the connection
        self._waiting: dict[int, socket.socket] = {}  # connections that have not asked yet
        self._by_pidfd: dict[int, _Kernel] = {}
        self._slot = 0
        self._own_tree = (
            os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
            if "pid" in self._layers
            else -1
        )
        self._poll = select.poll()

    def run(self) -> None:
        """Serve until the lifeline closes."""
        self._poll.register(self._lifeline, select.POLLIN | select.POLLHUP)
        self._poll.register(self._listener.fileno(), select.POLLIN)
        watched = time.monotonic()
        while True:
            events = self._poll.poll(_WATCH_S * 1000 if self._kernels else None)
            for descriptor, _ in events:
                if descriptor == self._lifeline:
                    self._kill_all()
                    return
                self._handle(descriptor)
            if time.monotonic() - watched > _WATCH_S:
                watched = time.monotonic()
                self._watch()

    def _handle(self, descriptor: int) -> None:
        if descriptor == self._listener.fileno():
            connection, _ = self._listener.accept()
            self._waiting[connection.fileno()] = connection
            self._poll.register(connection.fileno(), select.POLLIN)
        elif descriptor in self._by_pidfd:
            self._reap(self._by_pidfd[descriptor])
        elif descriptor in self._waiting:
            self._first_message(self._waiting.pop(descriptor))
        elif descriptor in self._kernels:
            self._later_message(self._kernels[descriptor])

    def _first_message(self, connection: socket.socket) -> None:
        descriptors: list[int] = []
        try:
            message, descriptors = messages.receive_request(connection)
            if message is None:
                raise ConnectionError("closed without a request")
            if message["op"] == "describe":
                messages.send(
                    connection,
                    {
                        "event": "described",
                        "pid": os.getpid(),
                        "threads": measure.threads(),
                        "rss_kib": measure.private_kib(os.getpid()),
                    },
                )
                self._waiting[connection.fileno()] = connection
                return
            if message["op"] != "spawn":
                raise ValueError(f"{message['op']!r} is asked for before there is a kernel")
            self._spawn(connection, message, descriptors)
        except (OSError, ValueError, KeyError) as error:
            self._poll.unregister(connection.fileno())
            with contextlib.suppress(OSError):
                messages.send(
                    connection,
                    {"event": "exit", "status": None, "cause": "spawn", "error": repr(error)},
                )
            connection.close()
        finally:
            for received in descriptors:
                os.close(received)

    def _spawn(
        self, connection: socket.socket, request: messages.Spawn, descriptors: list[int]
    ) -> None:
        if measure.threads() != 1:
            raise RuntimeError(
                "The fork server has grown a second thread: a forked kernel could hang. This is a"
                " bug."
            )
        self._slot += 1
        report, report_end = os.pipe()
        pid = self._fork()
        if pid == 0:
            child.become_kernel(
                request, descriptors, report_end, self._layers, self._slot, self._privileged
            )
        os.close(report_end)
        limits = request["limits"]
        kernel = _Kernel(
            pid,
            os.pidfd_open(pid),
            connection,
            report,
            time.monotonic(),
            limits,
            self._own_tree >= 0,
        )
        self._kernels[connection.fileno()] = kernel
        self._by_pidfd[kernel.pidfd] = kernel
        self._poll.register(kernel.pidfd, select.POLLIN)
        # a client that is gone already is heard of by `run`, as any later one
        with contextlib.suppress(OSError):
            messages.send(connection, {"event": "forked", "pid": pid})

    def _fork(self) -> int:
        """fork(2), the child as PID 1 of a tree of its own. Both sides may have PID 1: only fork's
        answer tells them apart.
        """
        if self._own_tree < 0:
            return os.fork()
        new_tree()
        try:
            pid = os.fork()
        except OSError:
            old_tree(self._own_tree)
            raise
        if pid:
            old_tree(self._own_tree)
        return pid

    def _later_message(self, kernel: _Kernel) -> None:
        try:
            message, descriptors = messages.receive_request(kernel.connection)
        except (OSError, ValueError):
            message, descriptors = None, []
        for received in descriptors:
            os.close(received)
        if message is None:  # the client is gone: so is the kernel
            self._poll.unregister(kernel.connection.fileno())
            self._kill(kernel, "client")
        elif message["op"] == "waited":
            trees = measure.process_trees({kernel.pid})
            with contextlib.suppress(OSError):
                messages.send(
                    kernel.connection,
                    {"event": "waited", "seconds": measure.kept_waiting_s(kernel.pid, trees)},
                )
        elif message["op"] == "signal" and message["signum"] == signal.SIGINT:
            with contextlib.suppress(OSError):
                os.kill(kernel.pid, signal.SIGINT)
        elif message["op"] == "signal":
            self._kill(kernel, "signal", int(message["signum"]))

    def _kill(self, kernel: _Kernel, cause: str, signum: int = signal.SIGKILL) -> None:
        kernel.cause = kernel.cause or cause
        with contextlib.suppress(OSError):
            if kernel.confined:
                os.kill(kernel.pid, signum)
                return
            try:
                os.killpg(kernel.pid, signum)
            except ProcessLookupError:  # freshly forked, it leads no group of its own yet
                os.kill(kernel.pid, signum)

    def _kill_all(self) -> None:
        for kernel in list(self._kernels.values()):
            self._kill(kernel, "server")

    def _reap(self, kernel: _Kernel) -> None:
        self._poll.unregister(kernel.pidfd)
        del self._by_pidfd[kernel.pidfd]
        os.close(kernel.pidfd)
        allowed_s = measure.cpu_limit_s(kernel.pid)  # while it can still be asked
        _, status, usage = os.wait4(kernel.pid, 0)
        cpu_s = usage.ru_utime + usage.ru_stime
        if (
            kernel.confined
            and not kernel.cause
            and os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        ):
            # PID 1 of its tree cannot be killed from inside: a CPU limit did it, perhaps one that
            # it lowered itself, or somebody outside.
            kernel.cause = "cpu" if cpu_s >= allowed_s - _CPU_STEP_S else "outside"
        if not kernel.confined:  # what an unconfined kernel left in its process group
            with contextlib.suppress(OSError):
                os.killpg(kernel.pid, signal.SIGKILL)
        with os.fdopen(kernel.report, "rb") as file:
            os.set_blocking(kernel.report, False)
            kernel.error = (file.read(4000) or b"").decode("utf-8", "replace")
        descriptor = kernel.connection.fileno()
        del self._kernels[descriptor]
        with contextlib.suppress(KeyError):
            self._poll.unregister(descriptor)
        exit_message: messages.Exit = {
            "event": "exit",
            "status": os.waitstatus_to_exitcode(status),
            "cause": kernel.cause,
            "error": kernel.error,
            "cpu_s": cpu_s,
            "max_rss_kib": usage.ru_maxrss,
        }
        with contextlib.suppress(OSError):
            messages.send(kernel.connection, exit_message)
        kernel.connection.close()

    def _watch(self) -> None:
        if not self._kernels or "watchdog" not in self._layers:
            return
        trees = measure.process_trees({kernel.pid for kernel in self._kernels.values()})
        now = time.monotonic()
        for kernel in list(self._kernels.values()):
            wall, memory, sockets = (
                kernel.limits.get(name) for name in ("wall_s", "memory_mib", "sockets")
            )
            over = now - kernel.started - wall if wall else 0.0
            below = [pid for pid in trees[kernel.pid] if pid != kernel.pid]
            background, cpu = kernel.limits.get("background_s"), kernel.limits.get("cpu_s")
            if (
                wall
                and over > 0
                and over > min(_PATIENCE * wall, measure.kept_waiting_s(kernel.pid, trees))
            ):
                self._kill(kernel, "wall")
            elif cpu and sum(map(measure.cpu_s, trees[kernel.pid])) > cpu:
                self._kill(kernel, "cpu")
            elif background and sum(map(measure.cpu_s, below)) > background:
                for pid in below:
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
            elif (memory and sum(map(measure.private_kib, trees[kernel.pid])) > memory * 1024) or (
                sockets and "net" in self._layers and measure.sockets(kernel.pid) > sockets
            ):
                self._kill(kernel, "memory")


def main() -> None:
    """Entry: settings as JSON in argv[1]; `listener` and `lifeline` are inherited descriptors."""
    settings = json.loads(sys.argv[1])
    # The view holds no links into the environment: a `.venv` that is one has to be known by its own
    # name.
    sys.path[:] = map(os.path.realpath, sys.path)
    sys.prefix, sys.exec_prefix = os.path.realpath(sys.prefix), os.path.realpath(sys.exec_prefix)
    listener = socket.socket(fileno=settings["listener"])
    for name in (settings["listener"], settings["lifeline"], settings["ready"]):
        os.set_inheritable(name, False)
    (
        syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
        if settings["die_with_parent"]
        else None
    )
    # Ctrl-C in the terminal is the launcher's to handle
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # These import ipykernel, which has to wait; by then their files are out of sight.
    late = {
        name: Path(__file__).with_name(f"{name}.py").read_text()
        for name in ("app", "probing", "cells")
    }
    late = {f"autograder.kernels.{name}": source for name, source in late.items()}
    bulky = json.loads(sys.stdin.read())
    if settings["layers"]:
        files = {name: bytes.fromhex(content) for name, content in bulky["files"].items()}
        inner = confine.enclose_server(
            settings["layers"], files, settings["privileged"], settings["beside"]
        )
        if inner:
            _be_stub(inner, settings)
    sys.path[:] = [path for path in sys.path if not _is_project(path)]
    os.environ.update(settings["environment"])
    if "mount" in settings["layers"] and os.path.isdir("/etc/matplotlib"):
        shutil.copytree("/etc/matplotlib", os.environ["MPLCONFIGDIR"])
    warmup.warm_up(settings["modules"], late | bulky["sources"], settings["jupyter"])
    if measure.threads() != 1:
        os.write(settings["ready"], b"The fork server has more than one thread after its imports")
        sys.exit(1)
    measure.baseline_kib = measure.private_kib(os.getpid())
    os.write(settings["ready"], b"ok")
    os.close(settings["ready"])
    Server(settings, listener).run()
    os._exit(0)  # there is nothing to tidy up, and much that would be


def _is_project(path: str) -> bool:
    """Whether this package lies there as in a checkout. Where it is installed, all others lie
    beside it.
    """
    installed = os.path.basename(path) in ("site-packages", "dist-packages")
    return not installed and os.path.exists(os.path.join(path, "autograder", "kernels"))


def _be_stub(inner: int, settings: dict[str, Any]) -> None:
    """Wait outside for the inner half; end it when the launcher is gone. Holds nothing but the
    lifeline.
    """
    os.close(settings["listener"])
    os.close(settings["ready"])
    watched = os.pidfd_open(inner)
    poll = select.poll()
    poll.register(watched, select.POLLIN)
    poll.register(settings["lifeline"], select.POLLIN | select.POLLHUP)
    poll.poll()
    with contextlib.suppress(ProcessLookupError):
        os.kill(inner, signal.SIGKILL)
    os.waitpid(inner, 0)
    os._exit(0)


if __name__ == "__main__":
    main()
