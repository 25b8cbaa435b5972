"""The kernel's side of the probe channel: runs the trusted side's questions about what the student
defined.

Theory of operation. Frames are a length (4 bytes, big endian) and that many bytes. The first frame
is Python source that defines `answer(request: bytes, namespace: dict) -> bytes`; each later frame
is a request, answered by one frame, or `SEVERAL` and several requests, each with its length before
it, answered by as many frames, one after the other. Whatever comes before the last answer takes
back what was not begun; a frame that begins with `CALL_OFF` is sent back as it is, so that the
grader knows that no other answer comes. Requests run on the main thread, between cells, from the
kernel's own event loop, so that student code sees nothing unusual. This process is the student's:
nothing here is trusted, and a kernel that breaks its loop, its interpreter or this module only
loses its own answers.
"""

import ast
import asyncio
import contextlib
import functools
import os
import select
import signal
import socket
import struct
import sys
import warnings
from collections.abc import Iterator
from typing import Any

HEADER = struct.Struct(">I")
MAX_FRAME = 256 << 20
SEVERAL, CALL_OFF = b"several:", b"call off:"
READY = "ready"  # what a kernel says first on its cells channel


class _Probe:
    def __init__(self, descriptor: int, namespace: dict[str, Any]) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._namespace = namespace
        self._answer: Any = None
        self.descriptor = descriptor

    def on_readable(self) -> None:
        request = self._read()
        if request is None:
            os._exit(0)  # the grader is gone
        if self._answer is None:
            program: dict[str, Any] = {"__name__": "probe", "__builtins__": __builtins__}
            exec(compile(request, "<probe>", "exec"), program)
            self._answer = program["answer"]
            return
        if request.startswith(CALL_OFF):
            self._send(request)
            return
        for number, one in enumerate(_split(request)):
            if number and select.select([self._socket], [], [], 0)[0]:
                return  # the grader says that it wants no more of them
            self._send(self._reply(one))

    def _reply(self, request: bytes) -> bytes:
        try:
            with _interruptible():
                return bytes(self._answer(request, self._namespace))
        except MemoryError:
            os._exit(71)
        except BaseException as error:
            del error
        return b""

    def _send(self, content: bytes) -> None:
        self._socket.sendall(HEADER.pack(len(content)) + content)

    def _read(self) -> bytes | None:
        header = self._exactly(HEADER.size)
        return None if header is None else self._exactly(HEADER.unpack(header)[0])

    def _exactly(self, count: int) -> bytes | None:
        data = bytearray()
        while len(data) < count:
            chunk = self._socket.recv(min(count - len(data), 1 << 20))
            if not chunk:
                return None
            data += chunk
        return bytes(data)


def _split(message: bytes) -> Iterator[bytes]:
    """The requests in a message."""
    if not message.startswith(SEVERAL):
        yield message
        return
    at = len(SEVERAL)
    while at < len(message):
        start = at + HEADER.size
        at = start + HEADER.unpack_from(message, at)[0]
        yield message[start:at]


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """SIGINT ends a question as it ends a cell; between them the kernel ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def stay(shell: Any) -> None:
    """Let `exit()` and `quit()` pass: the kernel would end a moment later, in the midst of whatever
    runs then. IPython tells the front end all the same.
    """
    shell.unobserve(type(shell)._update_exit_now, names=["exit_now"])


def without_terminal(shell: Any) -> None:
    """Let `!command` run without a terminal of its own, which the sandbox has not: the cell would
    stop there.
    """
    shell.system = shell.system_raw


def read_python_as_it_is(manager: Any) -> None:
    """Let IPython look for its own syntax only where a cell is no Python. It goes through a cell
    token by token, which costs 15 ms for a folded cell of helpers, and changes nothing of a cell
    that Python can read, but for the ends that `_is_plain` leaves to it.
    """
    transform, own = manager.transform_cell, _transforms(manager)

    def read(cell: str) -> str:
        if _transforms(manager) != own or not _is_plain(cell):
            return str(transform(cell))
        return cell if cell.endswith("\n") else cell + "\n"

    manager.transform_cell = read


def _transforms(manager: Any) -> list[Any]:
    """What a cell may have added to, which then reads the later ones."""
    return [
        *manager.cleanup_transforms,
        *manager.line_transforms,
        *manager.token_transformers,
    ]


@functools.lru_cache(maxsize=4)  # IPython asks twice about each cell
def _is_plain(cell: str) -> bool:
    """Whether a cell is Python that IPython would leave alone; it takes off leading blanks and a
    pasted prompt, `In [1]: x` also being Python.
    """
    if cell[:1].isspace() or cell.startswith("In [") or "\f" in cell or "\r" in cell:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return bool(ast.parse(cell).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def without_echo(kernel: Any) -> None:
    """Do not tell that a cell begins, nor what is in it: half of a cell's messages, which no grader
    reads.
    """
    publish = kernel._publish_status

    def publish_end(status: str, *more: Any, **named: Any) -> None:
        if status != "busy":
            publish(status, *more, **named)

    kernel._publish_status = publish_end
    kernel._publish_execute_input = _nothing


def _nothing(*_: Any) -> None:
    """In the place of a message."""


def without_compiler() -> None:
    """Let `torch.compile` give back what it is given. It changes how fast a function is, not what
    it returns, and in the sandbox no C++ compiler runs.
    """
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.compile = _compile  # type: ignore[attr-defined]


def _compile(model: Any = None, **settings: Any) -> Any:
    """Stands for `torch.compile`, as a function and as a decorator."""
    return (lambda decorated: decorated) if model is None else model


def serve(descriptor: int, app: Any) -> None:
    """Answer the frames that arrive on `descriptor` once the kernel's loop runs."""
    stay(app.kernel.shell)
    without_terminal(app.kernel.shell)
    read_python_as_it_is(app.kernel.shell.input_transformer_manager)
    without_compiler()
    without_echo(app.kernel)
    probe = _Probe(descriptor, app.kernel.shell.user_ns)

    def attach() -> None:
        asyncio.get_running_loop().add_reader(probe.descriptor, probe.on_readable)

    from tornado.ioloop import IOLoop

    with contextlib.suppress(RuntimeError):
        IOLoop.current().add_callback(attach)
