"""Timing helpers: what they count, not how fast this machine is."""

import pytest
import torch

from book.snippets import bench


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that goes on by the first number of the list whenever it is read, then by the
    next.
    """
    steps: list[float] = []
    now = [0.0]

    def perf_counter() -> float:
        now[0] += steps.pop(0)
        return now[0]

    monkeypatch.setattr("book.snippets.bench.time.perf_counter", perf_counter)
    return steps


def test_the_first_call_warms_up_and_does_not_count(clock: list[float]) -> None:
    clock += [0, 99, 0, 1, 0, 5, 0, 2]  # start and end of four calls
    calls: list[int] = []
    assert bench.call_times(lambda: calls.append(1), repeats=3) == [1, 5, 2]
    assert len(calls) == 4


def test_read_rate_is_bytes_over_the_fastest_calls_seconds_in_gb(clock: list[float]) -> None:
    clock += [0, 0.1, 0, 9, 0, 0.5]  # the first call warms up
    x = torch.zeros(1000, 250)  # 1 MB
    assert bench.read_rate(torch.sum, x, repeats=2) == pytest.approx(0.002)


def test_matmul_rate_counts_additions_and_multiplications(clock: list[float]) -> None:
    clock += [0, 1, 0, 2]
    assert bench.matmul_rate(side=100, repeats=1) == pytest.approx(2 * 100**3 / 2 / 1e9)
