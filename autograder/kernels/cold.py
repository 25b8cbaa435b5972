"""An ordinary Jupyter kernel behind the interface of `WarmKernel`, for systems without Linux.
Nothing confines it.

Theory of operation. jupyter_client starts the kernel as a process like any other, with the rights
of whoever grades, in an empty folder and with an environment that names no course. No fork could
inherit the probe's channel, so the first cell that runs is ours: it loads the probe's modules from
source and connects back to a socket that listens on this machine for that one connection (a token
tells it from others). A thread waits for the process's end and makes the kernel's descriptor
readable then, as the fork server's message does for a warm kernel.
"""

import contextlib
import hmac
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from jupyter_client.manager import KernelManager

from ..errors import KernelError
from ..sandbox import beside
from .handle import ONE_THREAD
from .messages import Exit

_CONNECT_S = 60.0
_BOOTSTRAP = """
def _connect():
    import socket, sys
    from ipykernel.kernelapp import IPKernelApp
    loader = dict()
    exec({loader!r}, loader)
    loader["load"]({sources!r})
    channel = socket.create_connection(("127.0.0.1", {port}))
    channel.sendall(bytes.fromhex({token!r}))
    sys.modules["course_serving"].serve(channel.detach(), IPKernelApp.instance())
_connect()
del _connect
"""


_LOADER = Path(__file__).with_name("inmemory.py").read_text(encoding="utf-8")


class _Client(Protocol):
    def execute(self, code: str, timeout_s: float) -> Any: ...


class ColdKernel:
    """One ordinary kernel. `sources`: the probe's modules, as `probe_sources` gives them; `more`:
    of its environment; `folder`: whose files lie in the kernel's own.
    """

    def __init__(
        self, sources: Mapping[str, str], more: Mapping[str, str] | None = None, folder: str = ""
    ) -> None:
        serving = Path(__file__).with_name("probing.py").read_text(encoding="utf-8")
        self._sources = {**sources, "course_serving": serving}
        self.probe: socket.socket | None = None
        self.exit: Exit | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="cold-", ignore_cleanup_errors=True)
        self._manager = KernelManager(kernel_name="python3")
        self._ended, self._end = socket.socketpair()
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("COURSE_", "PYTHON"))
        }
        environment |= {**ONE_THREAD, **(more or {})}
        beside.copy(folder, self._folder.name)
        try:
            self._manager.start_kernel(cwd=self._folder.name, env=environment)
        except Exception as error:
            raise KernelError(
                f"An ordinary kernel did not start ({error}). Is ipykernel installed?"
            ) from error
        self.key = self._manager.session.key
        self._process = self._manager.provisioner.process  # type: ignore[union-attr]
        threading.Thread(target=self._wait, daemon=True).start()
        self._await_ports()

    def _await_ports(self) -> None:
        """Until the kernel listens: our client connects once and never again."""
        information: dict[str, Any] = dict(self._manager.get_connection_info())
        deadline = time.monotonic() + _CONNECT_S
        for channel in ("shell", "iopub"):
            while True:
                with contextlib.suppress(OSError), socket.socket() as trial:
                    trial.connect((information["ip"], information[f"{channel}_port"]))
                    break
                if self.poll() is not None or time.monotonic() > deadline:
                    self.kill()
                    raise KernelError(
                        "An ordinary kernel did not open its ports; what it said is above."
                    )
                time.sleep(0.05)

    def _wait(self) -> None:
        self._process.wait()
        with contextlib.suppress(OSError):
            self._end.send(b"x")

    def url(self, channel: str) -> str:
        """Where zmq finds a channel."""
        information: dict[str, Any] = dict(self._manager.get_connection_info())
        return f"tcp://{information['ip']}:{information[f'{channel}_port']}"

    def open_probe(self, client: _Client) -> None:
        """Have the kernel connect back. Raises `KernelError`; no line of a student's has run
        yet.
        """
        token = secrets.token_bytes(16)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            client.execute(
                _BOOTSTRAP.format(
                    loader=_LOADER, sources=self._sources, port=port, token=token.hex()
                ),
                _CONNECT_S,
            )
            listener.settimeout(_CONNECT_S)
            try:
                while self.probe is None:
                    connection, _ = listener.accept()
                    connection.settimeout(_CONNECT_S)
                    if hmac.compare_digest(connection.recv(16, socket.MSG_WAITALL), token):
                        self.probe = connection
                    else:
                        connection.close()
            except OSError as error:
                raise KernelError(
                    f"An ordinary kernel did not answer the probe: {error}."
                ) from None

    def fileno(self) -> int:
        """Readable once the kernel has ended."""
        return self._ended.fileno()

    def poll(self, wait_s: float = 0.0) -> Exit | None:
        """How it ended, None while it runs."""
        deadline = time.monotonic() + wait_s
        while self.exit is None:
            status = self._process.poll()
            if status is not None:
                self.exit = {"event": "exit", "status": status, "cause": "", "error": ""}
            elif time.monotonic() > deadline:
                break
            else:
                time.sleep(0.02)
        return self.exit

    def waited(self) -> float:
        """Not counted here: limits are wall time."""
        return 0.0

    def signal(self, signum: int) -> None:
        """SIGINT interrupts; anything else kills."""
        if signum == signal.SIGINT:
            with contextlib.suppress(Exception):
                self._manager.interrupt_kernel()
            return
        if sys.platform != "win32":  # what it started goes along, unless it left the process group
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self._process.kill()

    def kill(self, wait_s: float = 10.0) -> Exit | None:
        """Kill, and let go of everything."""
        self.signal(signal.SIGTERM)
        exited = self.poll(wait_s)
        if self.probe is not None:
            self.probe.close()
        with contextlib.suppress(Exception):
            self._manager.cleanup_resources()
        self._ended.close()
        self._end.close()
        self._folder.cleanup()
        return exited
