"""ipykernel's application, started from adopted sockets instead of a connection file. Runs in the
forked child only.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from inspect import signature
from types import ModuleType
from typing import Any, ClassVar, Self

import zmq
from ipykernel import ipkernel
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.kernelapp import IPKernelApp
from IPython.core import shellapp
from traitlets.config import Config

_HELD_CHARACTERS = 1 << 18  # of printed text, before it is sent
_ORDER = ("shell", "stdin", "control", "iopub")  # the order in which IPKernelApp binds


class WarmKernelApp(IPKernelApp):
    """A kernel that binds nothing itself and writes no file."""

    _adopted: ClassVar[dict[str, int]] = {}
    _loaded: ClassVar[set[str]] = set()  # for `%reset -f aggressive`

    @classmethod
    def made(cls) -> Self:
        """The process's application. The server makes one for all its kernels: to set up logging
        touches every logger there is, and each kernel would have to copy the pages of them all.
        """
        if not cls.initialized():
            cls._loaded = set(sys.modules)
            config = Config()
            config.HistoryManager.hist_file = ":memory:"
            config.IPythonKernel._execute_sleep = 0.0  # a rest after each cell, needed by nobody
            cls.instance(config=config, transport="ipc", ip="adopted", parent_handle=0)
        return cls.instance()

    @classmethod
    def adopt(cls, key: bytes, descriptors: dict[str, int], confined: bool) -> "WarmKernelApp":
        """Make the process's application a kernel's. `descriptors`: listening Unix sockets by
        channel; the rest are unbound.
        """
        cls._adopted = dict(descriptors)
        app = cls.made()
        app.config.HistoryManager.enabled = not confined
        app.session.key = key
        app.pipe = not confined
        return app

    def parse_command_line(self, argv: Any = None) -> None:
        """There is none."""

    def init_crash_handler(self) -> None:
        """The child's own handler reports crashes."""

    def init_connection_file(self) -> None:
        """There is none: the client knows the sockets, since it made them."""

    def write_connection_file(self, **kwargs: Any) -> None:
        """See `init_connection_file`."""

    def cleanup_connection_file(self) -> None:
        """See `init_connection_file`."""

    def log_connection_info(self) -> None:
        """See `init_connection_file`; keeps the ports that `record_ports` wants."""
        self._ports = {"shell": 1, "iopub": 2, "stdin": 3, "hb": 4, "control": 5}

    def _bind_socket(self, s: Any, port: int) -> int:
        name = _ORDER[self._bound]
        self._bound += 1
        descriptor = self._adopted.get(name)
        if descriptor is not None:
            s.setsockopt(zmq.USE_FD, descriptor)
            s.bind(f"ipc://adopted-{name}")
        return port or self._bound

    _bound = 0
    pipe = True

    def init_iopub(self, context: Any) -> None:
        """As ipykernel's, minus its TCP pipe for prints of forked children: a confined kernel has
        no TCP.
        """
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        # A client that a busy machine keeps from reading loses nothing; what waits here counts as
        # the kernel's memory.
        self.iopub_socket.sndhwm = 0
        self.iopub_port = self._bind_socket(self.iopub_socket, self.iopub_port)
        self.configure_tornado_logger()  # type: ignore[no-untyped-call]
        # ipykernel 7.2
        welcoming = (
            {"session": self.session} if "session" in signature(IOPubThread).parameters else {}
        )
        self.iopub_thread = IOPubThread(self.iopub_socket, pipe=self.pipe, **welcoming)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_control(self, context: Any) -> None:
        """As ipykernel's, minus the debugger's sockets: one of them would reconnect for ever to an
        address that is not there.
        """
        from ipykernel.control import ControlThread

        self.control_socket = context.socket(zmq.ROUTER)
        self.control_socket.linger = 1000
        self.control_port = self._bind_socket(self.control_socket, self.control_port)
        self.control_socket.router_handover = 1
        self.debugpy_socket = context.socket(zmq.STREAM)
        self.debug_shell_socket = context.socket(zmq.DEALER)
        self.control_thread = ControlThread(daemon=True)
        with contextlib.suppress(ImportError):  # ipykernel 6 serves its shell on the main thread
            from ipykernel.shellchannel import ShellChannelThread

            # before ipykernel 7.4
            wants_socket = "shell_socket" in signature(ShellChannelThread).parameters
            given = (context, self.shell_socket) if wants_socket else (context,)
            self.shell_channel_thread = ShellChannelThread(*given, daemon=True)

    def init_kernel(self) -> None:
        """As ipykernel's, without a list of all modules' files, which only its debugger reads: to
        make it takes a quarter of a kernel's start.
        """
        with without_modules(ipkernel):
            super().init_kernel()  # type: ignore[no-untyped-call]

    def init_code(self) -> None:
        """As IPython's, which notes the names of all modules; the server has noted them once."""
        with without_modules(shellapp):
            super().init_code()  # type: ignore[no-untyped-call]
        vars(self.shell)["_sys_modules_keys"] = self._loaded

    def init_gui_pylab(self) -> None:
        """As ipykernel's, for a matplotlib, too, that was loaded before there was a shell: figures
        go into the notebook, unless the environment says otherwise.
        """
        super().init_gui_pylab()  # type: ignore[no-untyped-call]
        inline = sys.modules.get("matplotlib_inline.backend_inline")
        if inline is not None and "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]
            inline._enable_matplotlib_integration()

    def init_heartbeat(self) -> None:
        """Only for clients that listen to it."""
        descriptor = self._adopted.get("hb")
        if descriptor is not None:
            self.heartbeat = _AdoptedHeartbeat(descriptor)
            self.heartbeat.start()

    def init_io(self) -> None:
        """As ipykernel's, without its note about Ctrl-C on the real stdout, and with streams that
        hold little back.
        """
        self.outstream_class = f"{__name__}.BoundedStream"
        super().init_io()  # type: ignore[no-untyped-call]
        sys.stdin = open("/dev/null")  # noqa: SIM115 - lives as long as the process


class _NoModules:
    """Python's `sys`, in which no module seems to be loaded."""

    modules: ClassVar[dict[str, ModuleType]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


@contextlib.contextmanager
def without_modules(reader: Any) -> Iterator[None]:
    """Let a module find none in `sys.modules`: whoever goes through them all, even to take their
    names, makes a kernel copy a thousand pages that it shares with its server.
    """
    before, reader.sys = reader.sys, _NoModules()
    try:
        yield
    finally:
        reader.sys = before


class BoundedStream(OutStream):
    """stdout or stderr that sends what it holds before it grows into a message which the client
    refuses.

    ipykernel sends every 0.2 s whatever has gathered: a loop that prints fills hundreds of MiB in
    that time, the client's ZMQ_MAXMSGSIZE then drops the connection, and the flood is seen as a
    cell that never ends.
    """

    _held = 0
    _written = False

    def write(self, string: str) -> int:
        """As OutStream's; waits for the sending thread once much is held."""
        self._written = True
        count: int = super().write(string) or 0
        self._held += len(string)
        if self._held > _HELD_CHARACTERS:
            self._held = 0
            self.flush()
        return count

    def flush(self) -> None:
        """As OutStream's, where something was written: ipykernel flushes four times per cell, and
        each hands over to the sending thread and back.
        """
        if self._written:
            self._written = False
            super().flush()  # type: ignore[no-untyped-call]


class _AdoptedHeartbeat(Heartbeat):
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        super().__init__(zmq.Context(), ("ipc", "adopted-hb", 1))  # type: ignore[no-untyped-call]

    def _try_bind_socket(self) -> None:
        self.socket.setsockopt(zmq.USE_FD, self._descriptor)
        self.socket.bind("ipc://adopted-hb")
