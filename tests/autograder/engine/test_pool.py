"""Workers: the quick jobs first, each one done once, and a try without a result says why."""

import os
import signal
import threading
import time
from typing import Any

import pytest

from autograder.engine.pool import Again, Pool
from autograder.kernels.handle import ForkServer, WarmKernel


@pytest.fixture
def pools() -> Any:
    made: list[Pool] = []
    yield lambda *arguments: made.append(Pool(*arguments)) or made[-1]
    for pool in made:
        pool.close()


def _never(job: Any, attempt: int, again: Again, seconds: float) -> Any:
    raise AssertionError(again.reason)


def test_slow_jobs_wait_until_the_others_had_their_turn(pools: Any) -> None:
    pool = pools(1, lambda seconds: time.sleep(seconds) or seconds)
    done = [job for job, _ in pool.run(iter([3.0, 0.01, 0.02]), _never, slow_s=0.5)]
    assert done == [0.01, 0.02, 3.0]


def test_slow_job_is_not_broken_off_when_nobody_waits(pools: Any) -> None:
    pool = pools(2, lambda seconds: time.sleep(seconds) or os.getpid())
    before = set(pool.pids)
    assert {pid for _, pid in pool.run(iter([2.5, 0.01]), _never, slow_s=0.2)} <= before


def test_class_that_is_slow_throughout_is_not_broken_off_again_and_again(pools: Any) -> None:
    pool = pools(1, lambda job: time.sleep(0.5) or job)
    started = time.monotonic()
    assert sorted(job for job, _ in pool.run(iter(range(6)), _never, slow_s=0.1)) == list(range(6))
    assert time.monotonic() - started < 60


def test_reason_of_a_try_without_a_result_is_passed_on(pools: Any) -> None:
    pool = pools(1, lambda job: Again("no kernel: the disk is full"))
    seen = []

    def on_failure(job: Any, attempt: int, again: Again, seconds: float) -> Any:
        seen.append((attempt, again.reason))
        return "given up" if attempt == 3 else None

    assert list(pool.run(iter([1]), on_failure)) == [(1, "given up")]
    assert seen == [(attempt, "no kernel: the disk is full") for attempt in (1, 2, 3)]


def test_worker_that_dies_is_replaced_and_said(pools: Any) -> None:
    pool = pools(1, lambda job: os._exit(1))
    seen = []
    list(
        pool.run(
            iter([1]), lambda job, attempt, again, seconds: seen.append(again.reason) or "given up"
        )
    )
    assert "its worker crashed" in seen[0]


@pytest.mark.parametrize("how", ["sleeps", "waits for a lock", "is stopped"])
def test_worker_that_neither_answers_nor_dies_is_replaced_and_its_job_done(
    how: str, pools: Any, tmp_path: Any
) -> None:
    hung, lock = tmp_path / "hung", threading.Lock()

    def work(job: str) -> str:
        if job == "hangs" and not hung.exists():
            hung.touch()
            match how:
                case "sleeps":
                    time.sleep(3600)
                case "waits for a lock":
                    lock.acquire(), lock.acquire()
                case _:
                    os.kill(os.getpid(), signal.SIGSTOP)
        return job

    pool, seen = pools(1, work), []
    before = pool.pids
    told = lambda job, attempt, again, seconds: seen.append((job, attempt, again.reason, seconds))  # noqa: E731
    done = [job for job, _ in pool.run(iter(["hangs", "honest"]), told, hung_s=0.3)]
    assert done == ["hangs", "honest"]
    assert seen == [("hangs", 1, "its worker did not answer within 0.3 s", 0.0)]
    assert pool.pids != before


def test_worker_that_is_ended_amid_a_kernels_start_leaves_no_socket(
    pools: Any, confined: ForkServer
) -> None:
    kernels = []

    def work(ends: bool) -> int:
        if ends:
            kernels.append(WarmKernel(confined.address))
            os._exit(1)
        return len(os.listdir(confined.directory))

    pool = pools(1, work)
    before = len(os.listdir(confined.directory))
    found = list(pool.run(iter([True, False]), lambda job, attempt, again, seconds: 0))
    assert found == [(True, 0), (False, before)]
