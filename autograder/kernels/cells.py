"""The kernel's side of the cells channel: a kernel that speaks with the grader alone, without zmq
and without threads.

Theory of operation. Frames are a length (4 bytes, big endian) and that many bytes (probing.py).
What comes in is a cell's source; what goes out are JSON objects with `msg_type` and `content` as in
Jupyter's protocol, first a `READY`, then of each cell its outputs and an `execute_reply`. So the
reply is the last of a cell, and nobody has to wait for a second channel. ipykernel's kernel runs
the cells as ever, on an event loop, with a session that writes frames in place of zmq messages; the
server makes it, shell and all, once for all its kernels (`CellsApp.made`), since a forked copy
costs a third of a fresh one. What is printed while no cell runs goes nowhere, as does what an
earlier cell's task prints later. Bytes that are written to descriptors 1 and 2 themselves, by
`!command`, by C code or by a child of the kernel's, go to two pipes that the grader reads. A frame
is never cut by a signal. This process is the student's: nothing here is trusted.
"""

import asyncio
import contextlib
import io
import json
import os
import signal
import socket
import sys
import threading
import time
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any, Self

from ipykernel import ipkernel
from ipykernel.displayhook import ZMQDisplayHook
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets import default

from autograder.kernels.app import WarmKernelApp, without_modules
from autograder.kernels.probing import HEADER, READY

_HELD_CHARACTERS = 1 << 16  # of printed text, before it is sent
_HELD_S = 0.1  # after the last time that text was sent, the next is sent at once
_SIGNALS = signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}


class _Wire:
    """What goes to the grader, one frame at a time."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._pid = 0
        self._lock = threading.Lock()
        self._cell = 0  # the one that runs; 0: none
        self._count = 0
        self._of: ContextVar[int] = ContextVar("cell")  # to which a task belongs

    def open(self, channel: socket.socket) -> None:
        self._socket, self._pid = channel, os.getpid()
        self.send(READY, {})

    def begin(self) -> None:
        """A cell of its own begins, in the task that calls this."""
        self._count += 1
        self._cell = self._count
        self._of.set(self._cell)

    def end(self, reply: dict[str, Any]) -> None:
        self._cell = 0
        self.send("execute_reply", reply)

    def is_ours(self) -> bool:
        """Whether this process is the kernel, not the server nor a child of the kernel's."""
        return os.getpid() == self._pid

    def takes(self) -> bool:
        """Whether outputs come from the cell that runs; a thread's do."""
        return bool(self._cell) and self._of.get(self._cell) == self._cell

    def publish(self, kind: str, content: dict[str, Any]) -> None:
        """An output, if it is one of the cell that runs."""
        if self.takes() and self.is_ours():
            self.send(kind, content)

    def send(self, kind: str, content: dict[str, Any]) -> None:
        """One frame, whatever signals come meanwhile."""
        assert self._socket is not None
        message = {"msg_type": kind, "content": content}
        data = json.dumps(message, ensure_ascii=False, default=str).encode("utf-8", "replace")
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            with self._lock:
                self._socket.sendall(HEADER.pack(len(data)) + data)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


_wire = _Wire()


class _FrameSession(Session):
    """What ipykernel sends its outputs with."""

    def msg(
        self,
        msg_type: str,
        content: dict[str, Any] | None = None,
        parent: dict[str, Any] | None = None,
        header: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """As much of a message as is sent, and as others may look at."""
        return {
            "header": header or {"msg_type": msg_type, "msg_id": ""},
            "msg_id": "",
            "msg_type": msg_type,
            "parent_header": parent or {},
            "content": content or {},
            "metadata": metadata or {},
        }

    def send(
        self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any
    ) -> dict[str, Any]:
        """Send a message's content, wherever it was to go."""
        if not isinstance(msg_or_type, dict):
            msg_or_type = self.msg(msg_or_type, content)
        _wire.publish(msg_or_type["msg_type"], msg_or_type["content"])
        return dict(msg_or_type)


class _Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a cell. Holds a little back, since a frame per `print` is
    dear; what is written first after a while is sent at once, so that a cell that dies has said it.
    """

    encoding = "UTF-8"

    def __init__(self, name: str, descriptor: int) -> None:
        self.name = name
        self._descriptor = descriptor
        self._held = io.StringIO()
        self._lock = threading.RLock()
        self._sent = 0.0
        self.other: _Stream | None = None

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def write(self, string: str) -> int:
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        if not _wire.is_ours():
            os.write(self._descriptor, string.encode("utf-8", "replace"))
            return len(string)
        if not _wire.takes():
            return len(string)
        if self.other is not None and self.other._held.tell():
            self.other.flush()  # so that the two stay in their order
        with self._lock:
            self._held.write(string)
            full = self._held.tell() > _HELD_CHARACTERS
        if full or time.monotonic() - self._sent > _HELD_S:
            self.flush()
        return len(string)

    def flush(self) -> None:
        if not self._held.tell():
            return
        with self._lock:
            held, self._held = self._held, io.StringIO()
        self._sent = time.monotonic()
        _wire.publish("stream", {"name": self.name, "text": held.getvalue()})


class CellsApp(WarmKernelApp):
    """ipykernel's application without sockets."""

    _variables: dict[str, str]  # of the environment, which making it has set
    _streams: tuple[_Stream, ...] = ()

    @classmethod
    def made(cls) -> Self:
        """The process's application with its shell, which a fork makes a kernel."""
        if cls.initialized():
            return cls.instance()
        before = dict(os.environ)
        app = super().made()
        app.config.HistoryManager.enabled = False
        app.initialize([])  # type: ignore[no-untyped-call]
        app._variables = {
            name: value for name, value in os.environ.items() if before.get(name) != value
        }
        return app

    def settle(self) -> None:
        """Set and lay down in a kernel of its own what was when this was made."""
        self.init_signal()  # type: ignore[no-untyped-call]
        for name, value in self._variables.items():
            os.environ.setdefault(name, value)
        assert self.profile_dir is not None
        with contextlib.suppress(OSError):
            os.makedirs(self.profile_dir.location, exist_ok=True)
            self.profile_dir.check_dirs()  # type: ignore[no-untyped-call]

    @default("session")
    def _session_default(self) -> Session:
        return _FrameSession(parent=self)

    def init_sockets(self) -> None:
        """There is one, and the kernel gets it."""

    def init_heartbeat(self) -> None:
        """The grader sees the process itself."""

    def init_io(self) -> None:
        """Streams and hook that write frames."""
        out, error = self._streams = _Stream("stdout", 1), _Stream("stderr", 2)
        out.other, error.other = error, out
        sys.stdout, sys.stderr = out, error
        self.displayhook = sys.displayhook = ZMQDisplayHook(self.session, None)
        self.patch_io()  # type: ignore[no-untyped-call]
        sys.stdin = open(os.devnull)  # noqa: SIM115 - lives as long as the process

    def init_kernel(self) -> None:
        """A kernel that nobody sends messages to."""
        self.configure_tornado_logger()  # type: ignore[no-untyped-call]
        with without_modules(ipkernel):
            kernel = ipkernel.IPythonKernel.instance(
                parent=self,
                session=self.session,
                log=self.log,
                profile_dir=self.profile_dir,
                user_ns=self.user_ns,
            )
        # asked whether a cell with `await` runs on the main thread
        kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())
        self.displayhook.get_execution_count = lambda: kernel.execution_count
        self.kernel = kernel

    def serve(self, descriptor: int) -> None:
        """Run the cells that come, until the grader is gone."""
        self.kernel.io_loop = self.io_loop = IOLoop.current()
        channel = socket.socket(fileno=descriptor)
        loop = self.io_loop.asyncio_loop
        running: set[asyncio.Task[None]] = set()

        def on_readable() -> None:
            source = _cell(channel)
            if source is None:
                os._exit(0)
            task = loop.create_task(self._run(source))
            running.add(task)  # a loop alone does not keep it alive
            task.add_done_callback(running.discard)

        loop.add_reader(descriptor, on_readable)
        self._wake_at_signals(loop)
        _wire.open(channel)
        self.io_loop.start()

    def _wake_at_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        """Else a cell that awaits something hears of an interrupt when that comes."""
        self._ends = ends = socket.socketpair()
        for end in ends:
            end.setblocking(False)
        signal.set_wakeup_fd(ends[1].fileno(), warn_on_full_buffer=False)
        loop.add_reader(ends[0], ends[0].recv, 4096)

    async def _run(self, source: str) -> None:
        reply: dict[str, Any] = {"status": "error"}
        _wire.begin()
        # between cells the kernel ignores it
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            told = await self.kernel.do_execute(
                source, False, store_history=True, user_expressions={}, allow_stdin=False
            )
            reply = {name: told.get(name) for name in ("status", "execution_count", "payload")}
        except BaseException as error:  # what is left of an interrupt, above all
            del error
        finally:
            with contextlib.suppress(BaseException):
                signal.signal(signal.SIGINT, before)
            for stream in (sys.stdout, sys.stderr, *self._streams):
                with contextlib.suppress(BaseException):
                    stream.flush()
            _wire.end(reply)


def _cell(channel: socket.socket) -> str | None:
    """What the grader sends; None once it is gone."""
    with contextlib.suppress(OSError):
        data = bytearray()
        count = HEADER.size
        while len(data) < count:
            chunk = channel.recv(min(count - len(data), 1 << 20))
            if not chunk:
                return None
            data += chunk
            if len(data) == HEADER.size and count == HEADER.size:
                count += HEADER.unpack(data)[0]
        return data[HEADER.size :].decode("utf-8", "surrogatepass")
    return None
