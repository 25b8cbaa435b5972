"""Hand-ins in a row leave nothing behind: no process, descriptor, socket, file, and no growth."""

import gc
import os
from pathlib import Path

import pytest

from autograder.engine import handin, one
from autograder.engine.session import Budget
from autograder.kernels.handle import ForkServer, describe

from . import processes
from .classroom import NAME, Classroom

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

    def grade(number: int) -> None:
        given = crash if number % 10 == 9 else honest
        graded = one.grade(given, room.exercise, room.release, server.address, b"secret", budget)
        assert sum(graded.scores.values()) == (90 if given is honest else 70)

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
    print(f"{count} hand-ins: growth of the worker {growth[0]:.1f} MiB, of the fork server {growth[1]:.1f} MiB")
    assert growth[0] < 30 and growth[1] < 5
    assert describe(server.address)["threads"] == 1


def test_twenty_hand_ins_leave_nothing(classroom: Classroom, confined: ForkServer) -> None:
    _grade_in_a_row(20, classroom, confined)


@pytest.mark.prove
def test_a_thousand_hand_ins_leave_nothing(classroom: Classroom, confined: ForkServer) -> None:
    _grade_in_a_row(1000, classroom, confined)
