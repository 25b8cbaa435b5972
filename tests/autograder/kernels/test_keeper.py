"""A fork server that outlives a run: used again, replaced when anything differs, and ended in
time.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.errors import KernelError
from autograder.kernels import keeper
from autograder.kernels.client import KernelClient
from autograder.kernels.handle import WarmKernel


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    yield tmp_path / f"autograder-{os.getuid()}"
    (tmp_path / f"autograder-{os.getuid()}").chmod(0o700)
    keeper.end_all()


def kept(minutes: float = 5.0, text: str = "x = 1") -> keeper.KeptServer:
    return keeper.keep(minutes, (), False, (), {"course_probe": text})


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)
    return is_so()


def says(server: keeper.KeptServer, code: str) -> str:
    kernel = WarmKernel(server.address)
    client = KernelClient(kernel)
    try:
        client.wait_ready()
        return "".join(entry.get("text", "") for entry in client.execute(code, 20).outputs)
    finally:
        client.close()
        kernel.close()


def test_a_kept_server_serves_the_next_run_as_it_was_after_its_imports(notes: Path) -> None:
    with kept() as first:
        assert (
            says(first, "import course_probe; course_probe.x = 2; print(course_probe.x)") == "2\n"
        )
    with kept() as second:
        assert (second.address, second.pid) == (first.address, first.pid) and second.alive()
        assert says(second, "import course_probe; print(course_probe.x)") == "1\n"
    with kept(text="x = 3") as other:
        assert (
            other.pid != first.pid
            and says(other, "import course_probe; print(course_probe.x)") == "3\n"
        )
    assert notes.stat().st_mode & 0o077 == 0 and len(list(notes.glob("*.json"))) == 2
    assert keeper.end_all() == 2
    assert within(10, lambda: not first.alive() and not other.alive())
    assert within(10, lambda: not Path(first.address).parent.exists())


def test_an_unused_server_ends_by_itself_and_a_note_of_a_dead_one_is_passed_over(
    notes: Path,
) -> None:
    first = kept(minutes=0.02)
    (note,) = notes.glob("*.json")
    told = note.read_text()
    assert within(15, lambda: not note.exists()) and within(10, lambda: not first.alive())
    note.write_text(told)
    assert kept().pid != first.pid


def test_nothing_is_kept_in_a_folder_that_others_may_enter(notes: Path) -> None:
    notes.mkdir()
    notes.chmod(0o755)
    with pytest.raises(KernelError, match="not this user's alone"):
        kept()
