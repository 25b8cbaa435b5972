"""A fork server that outlives a run, so that the next one of the same day need not import torch.

Theory of operation. `keep` looks for a *note* in the caller's own folder (mode 0700, refused if it
is somebody else's). Its name is a hash of all that a server is made from: layers, modules, sources,
this package's files, the interpreter. A note whose keeper lives names the server's address, and
using it renews it. Otherwise a keeper is started: this file, in a session of its own, which starts
the server, writes the note, and ends, server and all, when the note has not been renewed for so
many minutes, or is gone. Each kernel is forked from the server as it was after its imports, whoever
asks: what a kept server holds of earlier hand-ins is nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from ..errors import KernelError
from .handle import ForkServer, describe

_POLL_S = 1.0
_PACKAGE = Path(__file__).resolve().parent.parent


class KeptServer:
    """A server that somebody else keeps: as a `ForkServer` to whoever asks it for kernels. Closing
    it leaves it running.
    """

    def __init__(self, note: Path, address: str, pid: int, layers: Sequence[str]) -> None:
        self.address, self.pid, self.layers = address, pid, list(layers)
        self._note = note

    def alive(self) -> bool:
        """Whether its keeper lives and it answers."""
        with contextlib.suppress(OSError, ValueError, KernelError):
            os.kill(self.pid, 0)
            return bool(describe(self.address))
        return False

    def wait_ready(self) -> None:
        """It is; the note is renewed."""
        with contextlib.suppress(OSError):
            os.utime(self._note)

    def close(self) -> None:
        """The minutes until it ends count from now."""
        self.wait_ready()

    def __enter__(self) -> KeptServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


AnyServer: TypeAlias = ForkServer | KeptServer


def keep(
    minutes: float,
    layers: Sequence[str],
    privileged: bool,
    modules: Sequence[str],
    sources: Mapping[str, str],
) -> KeptServer:
    """The kept server of this kind, started if there is none; it ends `minutes` after its last use.

    Raises `KernelError` if it cannot be started.
    """
    made_of = {
        "layers": list(layers),
        "privileged": privileged,
        "modules": list(modules),
        "sources": dict(sources),
    }
    note = _folder() / f"{_digest(made_of)}.json"
    if (kept := _of(note, layers)) is not None:
        kept.wait_ready()
        return kept
    note.unlink(missing_ok=True)
    started = subprocess.run(
        [sys.executable, "-m", "autograder.kernels.keeper", str(note), str(minutes)],
        input=json.dumps(made_of).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_PACKAGE.parent,
        check=False,
    )
    if (kept := _of(note, layers)) is None:
        said = started.stdout.decode("utf-8", "replace").strip() or "its keeper ended"
        raise KernelError(f"A server to be kept could not start: {said}")
    return kept


def end_all() -> int:
    """End every server that is kept for this user; how many."""
    notes = list(_folder().glob("*.json"))
    for note in notes:
        note.unlink(missing_ok=True)
    return len(notes)


def _folder() -> Path:
    """Where notes lie: nobody else's. Raises `KernelError`."""
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    folder = base / f"autograder-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise KernelError(
            f"{folder} is not this user's alone: nothing is kept there. Remove it, or leave out"
            " --keep-warm."
        )
    return folder


def _digest(made_of: Mapping[str, Any]) -> str:
    found = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode())
    found.update(f"{sys.executable}\0{sys.version}\0".encode())
    for path in sorted([*_PACKAGE.glob("kernels/*.py"), *_PACKAGE.glob("sandbox/**/*.py")]):
        found.update(path.read_bytes())
    return found.hexdigest()[:32]


def _of(note: Path, layers: Sequence[str]) -> KeptServer | None:
    """The server that a note tells of, if it lives."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(note.read_text(encoding="utf-8"))
        kept = KeptServer(note, str(told["address"]), int(told["pid"]), layers)
        if kept.alive():
            return kept
    return None


def main() -> None:
    """The keeper: note and minutes as arguments, what the server is made of on stdin. What it says
    on stdout, which it closes when the server is ready, is why there is none.
    """
    note, life_s = Path(sys.argv[1]), float(sys.argv[2]) * 60
    made_of = json.load(sys.stdin)
    if os.fork():
        os._exit(0)  # who started it need not wait for its end
    os.setsid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server = ForkServer(
            made_of["layers"],
            made_of["privileged"],
            made_of["modules"],
            die_with_parent=True,
            sources=made_of["sources"],
        )
    except KernelError as error:
        print(error)
        return
    with server:
        fresh = note.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({"address": server.address, "pid": os.getpid()}))
        fresh.replace(note)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        while server.alive() and _age_s(note) < life_s:
            time.sleep(_POLL_S)
        if _age_s(note) < float("inf"):
            note.unlink(missing_ok=True)


def _age_s(note: Path) -> float:
    """Seconds since the note was renewed; infinite where it is gone or another keeper's."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        if json.loads(note.read_text(encoding="utf-8"))["pid"] == os.getpid():
            return time.time() - note.stat().st_mtime
    return float("inf")


if __name__ == "__main__":
    main()
