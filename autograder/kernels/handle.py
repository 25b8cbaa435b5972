"""The trusted side of the fork server: start one, ask it for kernels, end it.

Theory of operation. `ForkServer` makes a directory of its own (mode 0700, short path: a Unix
socket's address holds 107 bytes) with the listening socket, and execs `server.py` with a clean
environment. It keeps the write end of the lifeline pipe; when this process ends, however, the pipe
closes and the server and all its kernels go. Other processes of the same user may connect by
`address` (workers); only the one that started the server removes the directory. `WarmKernel` is one
connection = one kernel. With it go the kernel's ends of what it is spoken with: of unnamed pairs,
or, for Jupyter's clients, of sockets bound to paths that they know.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..errors import KernelError
from . import messages

_SERVER = Path(__file__).with_name("server.py")
_START_S = 120.0  # torch's first import from a cold disk
_ANSWER_S = 30.0  # of a server that other processes keep from running
ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    )
}


def _font_cache() -> dict[str, str]:
    """matplotlib's list of fonts, so that the confined server need not search for seconds. Holds
    paths only.
    """
    with contextlib.suppress(Exception):
        import matplotlib

        directory = Path(matplotlib.get_cachedir())
        return {
            f"/etc/matplotlib/{path.name}": path.read_bytes().hex()
            for path in directory.glob("fontlist-*.json")
        }
    return {}


# What cells that compute with tensors and draw import, at once or late; the rehearsal finds what is
# missing here, but imports it twice.
TENSORS = (
    "torch", "torch.nn.functional", "torch.utils.data", "numpy", "numpy.random",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline", "sympy", "torch.distributed.tensor",
    "torch.fx.experimental.symbolic_shapes", "statistics",
)  # fmt: skip


class ForkServer:
    """A running fork server. Use as a context manager, or call `close`. Start it from the main
    thread if `die_with_parent`.

    `layers`: sandbox layers around server and kernels; empty for kernels that may do what the
    caller may. `sources`: modules to be had in every kernel without a file, name to text.
    `modules`: imported beforehand in addition to ipykernel, where they are installed; by default
    what this course's notebooks need. `beside`: folder whose files kernels find in their own, if
    they ask for it. `wait`: until its imports are done, some seconds; else call `wait_ready` before
    asking for a kernel. `jupyter`: its kernels are for Jupyter's clients, not for ours.
    """

    def __init__(
        self,
        layers: Sequence[str] = (),
        privileged: bool = False,
        modules: Sequence[str] = TENSORS,
        die_with_parent: bool = False,
        sources: Mapping[str, str] | None = None,
        wait: bool = True,
        beside: str = "",
        jupyter: bool = False,
    ) -> None:
        self.layers = list(layers)
        _remove_stale()
        self.directory = Path(tempfile.mkdtemp(prefix=f"wk-{os.getpid()}-", dir=_short_directory()))
        self.address = str(self.directory / "s")
        self._owner = os.getpid()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(self.address)
        listener.listen(512)
        lifeline_end, self._lifeline = os.pipe()
        ready, ready_end = os.pipe()
        confined = "mount" in self.layers
        settings = {
            "layers": self.layers,
            "privileged": privileged,
            "modules": list(modules),
            "die_with_parent": die_with_parent,
            "listener": listener.fileno(),
            "lifeline": lifeline_end,
            "ready": ready_end,
            "beside": beside,
            "jupyter": jupyter,
            "environment": {"MPLCONFIGDIR": "/tmp/matplotlib", "HOME": "/tmp"} if confined else {},
        }
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", str(_SERVER), json.dumps(settings)],
            pass_fds=(listener.fileno(), lifeline_end, ready_end),
            env=_clean_environment(),
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        # too large for arguments
        bulky = {"files": _font_cache() if confined else {}, "sources": dict(sources or {})}
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(bulky).encode())
            self._process.stdin.close()
        listener.close()
        os.close(lifeline_end)
        os.close(ready_end)
        self._ready = ready
        if wait:
            self.wait_ready()

    def wait_ready(self) -> None:
        """Wait until kernels can be had. Raises `KernelError` with the reason if they cannot. May
        be called twice.
        """
        if self._ready < 0:
            return
        deadline = time.monotonic() + _START_S
        ready, self._ready = self._ready, -1
        with os.fdopen(ready, "rb") as file:
            os.set_blocking(file.fileno(), True)
            import select

            if not select.select([file], [], [], max(0.0, deadline - time.monotonic()))[0]:
                self.close()
                raise KernelError(f"The fork server did not start within {_START_S:.0f} s.")
            word = file.read()
        if word != b"ok":
            self.close()
            reason = (
                word.decode("utf-8", "replace")
                or "it ended during its imports; its error output is above"
            )
            raise KernelError(f"The fork server could not start: {reason}.")

    @property
    def pid(self) -> int:
        """Of the process that was started (the stub, when sandboxed)."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the server and all its kernels, and remove its directory. May be called twice."""
        if self._owner != os.getpid():
            return
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        if self._ready >= 0:
            os.close(self._ready)
            self._ready = -1
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> "ForkServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _remove_stale() -> None:
    """Remove the socket directories of launchers that were killed: nobody else could."""
    for path in Path(_short_directory() or tempfile.gettempdir()).glob("wk-*-*"):
        launcher = path.name.split("-")[1]
        with contextlib.suppress(OSError):
            if (
                launcher.isdigit()
                and not os.path.exists(f"/proc/{launcher}")
                and path.stat().st_uid == os.getuid()
            ):
                shutil.rmtree(path, ignore_errors=True)


def _short_directory() -> str | None:
    """Where socket directories go: the default temporary directory unless its path is too long for
    a socket's address.
    """
    return None if len(tempfile.gettempdir()) <= 60 else "/tmp"


def _clean_environment() -> dict[str, str]:
    kept = {
        name: os.environ[name]
        for name in ("LANG", "LC_ALL", "TZ", "TMPDIR", "HOME")
        if name in os.environ
    }
    # A set of strings has the same order in every kernel: what depends on it scores the same each
    # time.
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONHASHSEED": "0", **kept, **ONE_THREAD}


def describe(address: str) -> messages.Description:
    """What the server at `address` is. Raises `OSError` if it is gone."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.connect(address)
        messages.send(connection, {"op": "describe"})
        answer = messages.receive_event(connection)
    if answer is None or answer["event"] != "described":
        raise ConnectionError(f"The fork server at {address} does not describe itself: {answer}")
    return answer


class WarmKernel:
    """One kernel, from request to exit. `probe`: our end of the probe channel, if asked for;
    `cells`: of the cells channel, and `raw`: what the kernel's processes write to descriptors 1 and
    2 themselves. `seed`: of its random numbers, else each kernel draws others; `beside`: as the
    server's. For Jupyter's clients instead: `paths` of the channels' sockets by name, their `key`,
    and `streams` that take the place of stdout and stderr.
    """

    def __init__(
        self,
        address: str,
        probe: bool = False,
        limits: Mapping[str, float] | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        paths: Mapping[str, str] | None = None,
        key: bytes = b"",
        streams: Mapping[str, int] | None = None,
        seed: int | None = None,
        beside: str = "",
    ) -> None:
        self.exit: messages.Exit | None = None
        self.pid: int | None = None
        self.probe: socket.socket | None = None
        self.cells: socket.socket | None = None
        self.raw: dict[str, int] = {}
        self._waited: float | None = None
        self._paths = dict(paths or {})
        named: dict[str, socket.socket | int] = {
            name: _listen(path) for name, path in self._paths.items()
        }
        if not paths:
            self.cells, named["cells"] = socket.socketpair()
            for name in ("stdout", "stderr"):
                self.raw[name], end = os.pipe()
                os.set_blocking(self.raw[name], False)
                named[name] = end
        if probe:
            self.probe, named["probe"] = socket.socketpair()
        given = {name: _number(end) for name, end in named.items()} | dict(streams or {})
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request: messages.Spawn = {
            "op": "spawn",
            "channels": list(given),
            "key": key.hex(),
            "limits": dict(limits or {}),
            "env": {**ONE_THREAD, **(env if env is not None else _clean_environment())},
            "cwd": cwd,
            "seed": seed,
            "beside": beside,
        }
        try:
            self._connection.connect(address)
            messages.send(self._connection, request, tuple(given.values()))
        except OSError as error:
            self.close()
            raise KernelError(
                f"The fork server at {address} is gone ({error}): no kernel can be started."
            ) from error
        finally:
            for here in named.values():
                os.close(here) if isinstance(here, int) else here.close()

    def fileno(self) -> int:
        """Readable when the kernel has said something about itself, its exit for one."""
        return self._connection.fileno()

    def poll(self, timeout_s: float = 0.0) -> messages.Exit | None:
        """The exit message, waited for at most `timeout_s`; None while the kernel lives."""
        deadline = time.monotonic() + timeout_s
        while self.exit is None and self._connection.fileno() >= 0:
            if not self._hear(deadline):
                break
        return self.exit

    def _hear(self, deadline: float) -> bool:
        """Take one message from the server; False if none comes until `deadline`."""
        wait_s = max(0.0, deadline - time.monotonic())  # 0: do not wait at all
        try:
            if not wait_s and not select.select([self._connection], [], [], 0)[0]:
                return False  # asked before each question: cheaper than a receive in vain
            self._connection.settimeout(wait_s)
            message = messages.receive_event(self._connection)
        except (TimeoutError, BlockingIOError):
            return False
        except OSError:
            message = None
        if message is None:
            self.exit = {
                "event": "exit",
                "status": None,
                "cause": "server",
                "error": "the fork server is gone",
            }
        elif message["event"] == "forked":
            self.pid = message["pid"]
        elif message["event"] == "waited":
            self._waited = message["seconds"]
        elif message["event"] == "exit":
            self.exit = message
        return True

    def waited(self) -> float:
        """Seconds since the last call in which the kernel's main thread stood ready to run and got
        no core, less what its other threads and its children computed: what others on this machine
        have cost it. 0 once it is gone.
        """
        before, self._waited = self._waited, None
        deadline = time.monotonic() + _ANSWER_S
        with contextlib.suppress(OSError):
            messages.send(self._connection, {"op": "waited"})
            while self._waited is None and self.exit is None and self._hear(deadline):
                pass
        if self._waited is None:
            self._waited = before
        return max(0.0, (self._waited or 0.0) - (before or 0.0))

    def signal(self, signum: int) -> None:
        """Send SIGINT to the kernel; any other signal ends it and all that it started."""
        with contextlib.suppress(OSError):
            messages.send(self._connection, {"op": "signal", "signum": int(signum)})

    def kill(self, wait_s: float = 10.0) -> messages.Exit | None:
        """Kill, and wait until nothing of the kernel is left. Returns the exit message."""
        if self.poll() is None:
            self.signal(signal.SIGKILL)
        exited = self.poll(wait_s)
        self.close()
        return exited

    def close(self) -> None:
        """Let go of everything; the kernel ends if it still runs. May be called twice."""
        for path in self._paths.values():
            with contextlib.suppress(OSError):
                os.unlink(path)
        for opened in (self._connection, self.cells, self.probe):
            if opened is not None:
                opened.close()
        while self.raw:
            os.close(self.raw.popitem()[1])


def _number(end: socket.socket | int) -> int:
    return end if isinstance(end, int) else end.fileno()


def _listen(path: str) -> socket.socket:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(16)
    return listener
