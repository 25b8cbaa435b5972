"""Grading on the workers of a Dask cluster: `python -m autograder.engine ASSIGNMENT --cluster
tcp://scheduler:8786`.

Theory of operation. The coordinator keeps what it has without a cluster: hand-ins, gradebook,
journal, report. A task is one hand-in; it carries everything that the points depend on but the
code, and names the code by a digest, so a worker that has another version of this package says so
instead of giving other points. Each worker process starts a fork server at its first task and
grades one hand-in at a time, whatever its number of threads. Its sandbox is probed there, by a
process of its own (a worker has threads, so it must not fork); the run has the layers that all
workers have. A worker that dies is Dask's affair: the task goes to another one, a few times, and
then the hand-in is reported as not graded.

Workers are the trusted side: they hold the course's secret and are sent pickles. Let nobody else
reach the scheduler: a network of its own, or Dask's TLS.
"""

import atexit
import functools
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from .. import exercise
from ..errors import GradingError, KernelError
from ..kernels.handle import ForkServer
from ..sandbox import LAYERS, LayerReport, Limits
from .clock import Budget
from .graded import Graded
from .handin import HandIn
from .pool import ATTEMPTS
from .server import probe_sources

_PACKAGE = Path(__file__).resolve().parent.parent
_turn = threading.Lock()
_server: ForkServer | None = None


@dataclass(frozen=True)
class Task:
    """What a worker needs beside the code. `editions`: the release and its other languages, as
    nbformat JSON.
    """

    handin: HandIn
    editions: tuple[str, ...]
    secret: bytes
    budget: Budget
    limits: Limits
    layers: tuple[str, ...]
    code: str


@functools.cache
def code_digest(assignment: str) -> str:
    """Of this package's sources and the exercise's."""
    digest = hashlib.sha256(exercise.load(assignment).path.read_bytes())
    for path in sorted(_PACKAGE.rglob("*.py")):
        if "answers" not in path.relative_to(_PACKAGE).parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.cache
def own_layers() -> dict[str, Any]:
    """On a worker: `privileged`, `active`, as `python -m autograder.sandbox` finds them."""
    command = [sys.executable, "-m", "autograder.sandbox"]
    done = subprocess.run(command, cwd=_PACKAGE.parent, capture_output=True, text=True, timeout=120)
    found: dict[str, Any] = json.loads((done.stdout.splitlines() or ["{}"])[-1])
    return found


def grade(task: Task) -> Graded:
    """On a worker: grade one hand-in. Raises `GradingError` if this worker cannot."""
    from . import one  # which imports torch

    with _turn:
        name = task.handin.assignment
        if code_digest(name) != task.code:
            raise GradingError(
                f"A worker has another version of autograder or of {name}: install the same"
                " everywhere."
            )
        release, *editions = (nbformat.reads(text, 4) for text in task.editions)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                address = _address(task.layers)
                return one.grade(
                    task.handin,
                    exercise.load(name),
                    release,
                    address,
                    task.secret,
                    task.budget,
                    task.limits,
                    editions,
                )
            except KernelError:  # the fork server, or a kernel without its own doing, has ended
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError


def _address(layers: Sequence[str]) -> str:
    """Of this process's fork server; it ends with the process, whose end of its lifeline closes."""
    global _server
    if _server is None or not _server.alive() or tuple(_server.layers) != tuple(layers):
        import torch

        torch.set_num_threads(1)
        if _server is None:
            atexit.register(_end)
        else:
            _server.close()
        _server = ForkServer(layers, own_layers()["privileged"], sources=probe_sources())
    return _server.address


def _end() -> None:
    if _server is not None:
        _server.close()


class Cluster:
    """A connection to a scheduler. Close it."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise GradingError(
                "--cluster needs Dask: pip install 'from-pooling-to-gap[cluster]'."
            ) from None
        try:
            self._client = Client(address, timeout=20)
        except (OSError, ValueError) as error:
            raise GradingError(
                f"No Dask scheduler answers at {address} ({error}): nothing was graded."
            ) from None

    def layers(self) -> LayerReport:
        """Those that every worker has. Raises `GradingError` if there is no worker."""
        found = self._client.run(own_layers)
        if not found:
            raise GradingError(
                "The cluster has no worker: nothing was graded. Start some: dask worker ADDRESS"
            )
        without = {
            name: sorted(where for where, has in found.items() if name not in has.get("active", ()))
            for name in LAYERS
        }
        missing = {
            name: f"not on {', '.join(workers)}" for name, workers in without.items() if workers
        }
        return LayerReport(missing, all(has.get("privileged") for has in found.values()))

    def run(self, tasks: dict[str, Task]) -> Iterator[tuple[str, Graded | BaseException]]:
        """Yield (key, result, or why there is none) in the order in which they are done."""
        from distributed import as_completed

        futures = {
            self._client.submit(grade, task, pure=False, retries=0): key
            for key, task in tasks.items()
        }
        for future in as_completed(futures):
            error = future.exception() if future.status == "error" else None
            yield futures[future], error if error is not None else future.result()
            future.release()

    def close(self) -> None:
        """Leave the cluster as it is."""
        self._client.close()
