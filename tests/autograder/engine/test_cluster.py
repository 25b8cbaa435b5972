"""Workers of a Dask cluster give the rows that this machine's own give."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster

from autograder.engine import cluster
from autograder.errors import GradingError
from autograder.sandbox import SandboxError
from tests.engine import processes
from tests.engine.classroom import Classroom

from .test_classrun import HALF

pytestmark = pytest.mark.filterwarnings("default")  # what Dask warns of is not ours


@pytest.fixture(scope="module")
def scheduler() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as started:
        yield started


def _class(room: Classroom) -> None:
    room.hand_in("right"), room.hand_in("half", room.filled(HALF), stamp="2026-01-02 03:04:05 UTC")
    room.hand_in("stub", room.release), room.hand_in("broken", b"{")


def test_rows_equal_those_of_this_machine_and_a_second_run_does_nothing(
    classroom: Classroom, released: Classroom, tmp_path: Path, scheduler: LocalCluster
) -> None:
    ours, theirs = classroom, released.copy(tmp_path / "cluster")
    _class(ours), _class(theirs)
    ours.grade()
    outcome = theirs.grade(cluster=scheduler.scheduler_address)
    assert outcome.failed == {} and len(outcome.graded) == 4
    assert theirs.rows() == ours.rows()
    assert theirs.grade(cluster=scheduler.scheduler_address).graded == []
    assert theirs.grade().graded == [], "what a cluster has graded is graded again here"


def test_a_worker_that_dies_costs_nobody_a_point(
    released: Classroom, tmp_path: Path, scheduler: LocalCluster
) -> None:
    room = released.copy(tmp_path / "dying")
    for number in range(4):
        room.hand_in(f"s{number}")
    with Client(scheduler) as client:
        victim = next(iter(client.run(os.getpid).values()))
    before = processes.children(victim)

    def kill_once(done: int, total: int, latest: Any) -> None:
        if done == 1:
            os.kill(victim, signal.SIGKILL)

    from autograder.engine.classrun import Options, grade_class
    from tests.engine.classroom import NAME

    options = Options(cluster=scheduler.scheduler_address)
    outcome = grade_class(room.directory, NAME, options, kill_once)
    assert outcome.failed == {}
    assert {student: sum(points.values()) for student, points in room.scores().items()} == {
        f"s{number}": 90.0 for number in range(4)
    }
    assert processes.left_alive(before) == [], "the dead worker's fork server lives on"


def test_a_worker_with_other_code_says_so(classroom: Classroom, scheduler: LocalCluster) -> None:
    classroom.hand_in("a")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "code_digest", lambda assignment: "another version")
        outcome = classroom.grade(cluster=scheduler.scheduler_address)
    assert "A worker has another version of autograder" in outcome.failed["a"]
    assert classroom.rows() == []


def test_a_layer_that_one_worker_lacks_is_missing(
    classroom: Classroom, scheduler: LocalCluster
) -> None:
    classroom.hand_in("a")
    lame = {
        "tcp://a:1": {"active": ["mount", "pid"], "privileged": True},
        "tcp://b:2": {"active": [], "privileged": True},
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "run", lambda self, function: lame)
        with pytest.raises(SandboxError, match=r"there is no sandbox at all \(not on tcp://b:2\)"):
            classroom.grade(cluster=scheduler.scheduler_address)
        lame["tcp://b:2"]["active"] = ["mount"]
        with pytest.raises(SandboxError, match=r"lacks pid \(not on tcp://b:2\)"):
            classroom.grade(cluster=scheduler.scheduler_address)


def test_no_scheduler_is_named(classroom: Classroom) -> None:
    with pytest.raises(GradingError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        classroom.grade(cluster="tcp://127.0.0.1:9")
