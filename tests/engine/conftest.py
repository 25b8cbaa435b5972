"""Fork servers shared by the tests of one process: starting one imports torch, which takes
seconds.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.engine.server import probe_sources
from autograder.kernels.client import CellResult, KernelClient
from autograder.kernels.handle import ForkServer, WarmKernel
from autograder.sandbox import LayerReport, Limits, probe

from .classroom import Classroom


@pytest.fixture(scope="session")
def layers() -> LayerReport:
    return probe()


@pytest.fixture(scope="session")
def confined(layers: LayerReport) -> Iterator[ForkServer]:
    with ForkServer(layers.active, layers.privileged, sources=probe_sources()) as server:
        yield server


@pytest.fixture(scope="session")
def unconfined() -> Iterator[ForkServer]:
    with ForkServer() as server:
        yield server


RunCells = Callable[..., list[CellResult]]


def run_cells(
    server: ForkServer, *cells: str, timeout_s: float = 30.0, **limits: float
) -> list[CellResult]:
    """Run cells in one fresh kernel of `server`, which is gone afterwards."""
    kernel = WarmKernel(server.address, limits={**Limits().as_dict(), **limits})
    client = KernelClient(kernel)
    try:
        client.wait_ready()
        return [client.execute(cell, timeout_s) for cell in cells]
    finally:
        client.close()
        kernel.kill()


def text(result: CellResult) -> str:
    """All that a cell printed, or its error as one line."""
    parts = [
        output.get("text")
        or output.get("data", {}).get("text/plain")
        or f"{output.get('ename')}: {output.get('evalue')}"
        for output in result.outputs
    ]
    return "".join(parts)


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A released course without hand-ins; copy it."""
    return Classroom.make(tmp_path_factory.mktemp("released"))


@pytest.fixture
def classroom(released: Classroom, tmp_path: Path, confined: ForkServer) -> Classroom:
    """An empty class of one's own."""
    made = released.copy(tmp_path / "course")
    made.server = confined
    return made
