"""The order of the tests, and what those of the engine share, one of each in a process: starting a
fork server imports torch, which takes seconds. Imported where it is asked for; most tests need none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from autograder.kernels.handle import ForkServer
    from autograder.sandbox import LayerReport

    from .engine.classroom import Classroom

TESTS = Path(__file__).parent
QUICK = {TESTS / name for name in ("snippets", "studies", "shim")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Folders of many quick tests come last: with them, two cores end at the same time."""
    items.sort(key=lambda item: item.path.parent in QUICK)


@pytest.fixture(scope="session")
def layers() -> LayerReport:
    from autograder.sandbox import probe

    return probe()


@pytest.fixture(scope="session")
def confined(layers: LayerReport) -> Iterator[ForkServer]:
    from autograder.engine.server import probe_sources
    from autograder.kernels.handle import ForkServer

    with ForkServer(layers.active, layers.privileged, sources=probe_sources()) as server:
        yield server


@pytest.fixture(scope="session")
def unconfined() -> Iterator[ForkServer]:
    from autograder.kernels.handle import ForkServer

    with ForkServer() as server:
        yield server


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A released course without hand-ins; copy it."""
    from .engine.classroom import Classroom

    return Classroom.make(tmp_path_factory.mktemp("released"))


@pytest.fixture
def classroom(released: Classroom, tmp_path: Path, confined: ForkServer) -> Classroom:
    """An empty class of one's own."""
    made = released.copy(tmp_path / "course")
    made.server = confined
    return made
