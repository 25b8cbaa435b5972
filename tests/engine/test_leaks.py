"""Hand-ins in a row leave nothing behind: no process, descriptor, socket, file, and no growth."""

import gc
import os
from pathlib import Path

import nbformat
import pytest

from autograder.engine import handin, one
from autograder.engine.classrun import Options, grade_class
from autograder.engine.session import Budget
from autograder.kernels.handle import ForkServer, describe

from . import processes
from .classroom import NAME, Classroom

_PRINTS = """
import base64, os
from IPython.display import publish_display_data
publish_display_data({"image/png": base64.b64encode(b"\\x89PNG\\r\\n\\x1a\\n" + os.urandom(1_000_000)).decode()})
print("x" * 1_000_000)
"""
_CRASH = {"gap_mean": "import os\n\n\ndef gap_mean(x):\n    os._exit(1)\n"}


def _descriptors(pid: int | str) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def _rss_mib(pid: int | str) -> float:
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("RssAnon"))


def _grade_in_a_row(count: int, room: Classroom, server: ForkServer) -> None:
    honest = handin.read(room.hand_in("honest"), "honest", NAME)
    crash = handin.read(room.hand_in("crash", room.filled(_CRASH)), "crash", NAME)
    budget = Budget(cell_s=20, probe_s=20)
    left = sum(test.points for test in room.exercise.tests.values() if test.function not in _CRASH)

    def grade(number: int) -> None:
        given = crash if number % 10 == 9 else honest
        graded = one.grade(given, room.exercise, room.release, server.address, b"secret", budget)
        assert sum(graded.scores.values()) == (90 if given is honest else left)

    for number in range(5, 11):  # both kinds once, so that what is made once is there
        grade(number)
    gc.collect()
    inner, temporary = processes.inner(server), set(os.listdir(Path(server.directory).parent))
    before = (_descriptors("self"), _descriptors(inner), os.listdir(server.directory))
    sizes = (_rss_mib("self"), _rss_mib(inner))
    for number in range(count):
        grade(number)
    gc.collect()
    assert (_descriptors("self"), _descriptors(inner), os.listdir(server.directory)) == before
    assert processes.kernels(server) == []
    assert {
        name
        for name in set(os.listdir(Path(server.directory).parent)) - temporary
        if name.startswith(f"wk-{os.getpid()}-")
    } == set()
    growth = (_rss_mib("self") - sizes[0], _rss_mib(inner) - sizes[1])
    print(
        f"{count} hand-ins: growth of the worker {growth[0]:.1f} MiB, of the fork server"
        f" {growth[1]:.1f} MiB"
    )
    assert growth[0] < 30 and growth[1] < 5
    assert describe(server.address)["threads"] == 1


def test_twenty_hand_ins_leave_nothing(classroom: Classroom, confined: ForkServer) -> None:
    _grade_in_a_row(20, classroom, confined)


@pytest.mark.prove
def test_a_thousand_hand_ins_leave_nothing(classroom: Classroom, confined: ForkServer) -> None:
    _grade_in_a_row(1000, classroom, confined)


@pytest.mark.prove
def test_coordinator_and_workers_are_no_larger_after_sixty_hand_ins_with_pictures(
    classroom: Classroom, confined: ForkServer
) -> None:
    made = classroom.filled()
    made.cells.append(nbformat.v4.new_code_cell(_PRINTS))
    for number in range(60):
        classroom.hand_in(f"student-{number}", made)
    before, seen = _direct_children(), list[tuple[float, float]]()

    def look(done: int, total: int, latest: object) -> None:
        workers = _direct_children() - before
        seen.append((_rss_mib("self"), max((_rss_mib(pid) for pid in workers), default=0.0)))

    outcome = grade_class(classroom.directory, NAME, Options(workers=2), look, server=confined)
    assert len(outcome.graded) == 60 and len(seen) == 61
    first, last = seen[10], seen[-1]
    print(
        f"coordinator {first[0]:.0f} and {last[0]:.0f} MiB, the largest worker {first[1]:.0f} and"
        f" {last[1]:.0f} MiB"
    )
    assert last[0] - first[0] < 20 and last[1] - first[1] < 40


def _direct_children() -> set[int]:
    return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
