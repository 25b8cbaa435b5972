"""What a hand-in is blamed for: its own doing, not the machine's load, nor what others end."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.engine import frame
from autograder.engine.server import probe_sources
from autograder.engine.session import Budget, Cell, session
from autograder.errors import StudentFault
from autograder.kernels.client import KernelClient
from autograder.kernels.handle import ForkServer, KernelError, WarmKernel
from autograder.sandbox import LayerReport, Limits
from tests.engine import processes

BURN = (
    "import time\nend = time.process_time() + {}\nwhile time.process_time() < end:"
    " pass\nprint('done')"
)


@pytest.fixture
def crowded(confined: ForkServer) -> Iterator[None]:
    """The fork server and its kernels share one core with four busy processes."""
    server, core = processes.inner(confined), min(os.sched_getaffinity(0))
    allowed = os.sched_getaffinity(server)
    os.sched_setaffinity(server, {core})
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        for process in busy:
            os.sched_setaffinity(process.pid, {core})
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()
        os.sched_setaffinity(server, allowed)


@pytest.mark.prove  # a timed test: it needs a machine that does nothing else
def test_cell_on_a_crowded_core_gets_its_full_time(confined: ForkServer, crowded: None) -> None:
    # In all ten times a cell's time, as by default: what others take is given back in proportion.
    with session(confined.address, Budget(cell_s=1.5, total_s=15.0), Limits()) as run:
        run.play([Cell(0, BURN.format(1.2)), Cell(1, BURN.format(1.2))])
    assert [run.results[index].status for index in (0, 1)] == ["ok", "ok"]
    assert max(run.results[index].seconds for index in (0, 1)) > 1.5, (
        "the core was not crowded: nothing is shown"
    )


def test_endless_cell_on_a_crowded_core_still_ends(confined: ForkServer, crowded: None) -> None:
    with session(confined.address, Budget(cell_s=0.5, total_s=4.0), Limits()) as run:
        run.play([Cell(0, "while True: pass")])
    assert run.results[0].status in ("timeout", "interrupted")


def test_time_that_a_hand_ins_own_processes_take_is_not_given_back(confined: ForkServer) -> None:
    code = (
        "import os\nfor _ in range(20):\n    if os.fork() == 0:\n        while True: pass\nwhile"
        " True: pass"
    )
    kernel = WarmKernel(confined.address, limits=Limits().as_dict())
    client = KernelClient(kernel)
    try:
        client.wait_ready()
        before = kernel.waited()
        assert client.execute(code, 4.0).status == "timeout"
        given_back = before + kernel.waited()
        (main,) = (
            Path(f"/proc/{processes.inner(confined)}/task/{processes.inner(confined)}/children")
            .read_text()
            .split()
        )
        waited = int(Path(f"/proc/{main}/schedstat").read_text().split()[1]) / 1e9
        assert waited > 0.5 and given_back < waited - 0.2
    finally:
        client.close()
        kernel.kill()


def test_time_is_not_given_back_to_a_kernel_that_lets_others_go_first(confined: ForkServer) -> None:
    busy = "import os\nfor _ in range(4):\n    if os.fork() == 0:\n        while True: pass\n"
    kernel = WarmKernel(confined.address, limits=Limits().as_dict())
    client = KernelClient(kernel)
    try:
        client.wait_ready()
        assert client.execute(busy + "os.nice(19)", 20.0).status == "ok"
        kernel.waited()
        client.execute("while True: pass", 2.0)
        assert kernel.waited() == 0
    finally:
        client.close()
        kernel.kill()


def test_sleeping_cell_ends_by_the_clock(confined: ForkServer) -> None:
    with session(confined.address, Budget(cell_s=1.0, total_s=20.0), Limits()) as run:
        run.play([Cell(0, "import time; time.sleep(60)")])
    assert run.results[0].status == "interrupted"


@pytest.mark.parametrize("code", ["while True: print('x' * 100_000)", "print('x' * 50_000_000)"])
def test_flood_of_output_ends_by_its_size(code: str, confined: ForkServer) -> None:
    with session(confined.address, Budget(cell_s=60.0, output_bytes=1 << 20), Limits()) as run:
        run.play([Cell(0, code)])
    assert run.culprits == {0: "output"}


def test_many_small_prints_all_arrive(confined: ForkServer) -> None:
    with session(confined.address, Budget(), Limits()) as run:
        run.play([Cell(0, "for i in range(3000): print(i, flush=True)")])
    assert "".join(entry["text"] for entry in run.results[0].outputs) == "".join(
        f"{i}\n" for i in range(3000)
    )


def test_kernel_that_is_killed_from_outside_is_the_machines_affair(confined: ForkServer) -> None:
    with session(confined.address, Budget(), Limits()) as run:
        run.play([Cell(0, "def f():\n    return 1")])
        (victim,) = processes.kernels(confined)
        os.kill(victim, signal.SIGKILL)
        with pytest.raises(KernelError, match="another process ended the kernel"):
            run._exchange([b""])


def test_server_that_is_killed_amid_a_question_is_the_machines_affair(layers: LayerReport) -> None:
    with (
        ForkServer(layers.active, layers.privileged, sources=probe_sources()) as server,
        session(server.address, Budget(), Limits()) as run,
    ):
        run.play([Cell(0, "def f():\n    return 1")])
        # so that no answer is faster than the kill
        os.kill(processes.kernels(server)[0], signal.SIGSTOP)
        run.on_idle = lambda: os.kill(processes.inner(server), signal.SIGKILL)
        with pytest.raises(KernelError, match="another process ended the kernel"):
            run.ask({"kind": "function", "call": "f", "args": []})


def test_kernel_over_its_cpu_limit_did_not_finish_in_time(confined: ForkServer) -> None:
    with session(confined.address, Budget(), Limits(cpu_s=1)) as run:
        run.play([Cell(0, "while True: pass")])
    assert run.culprits == {0: "timeout"}


def _mean(x: float) -> dict[str, object]:
    step = {"op": "call", "call": "f", "args": [x], "kwargs": {}}
    return {"version": 1, "seed": 0, "align": "", "steps": [step]}


def test_exit_is_noted_and_not_followed(confined: ForkServer) -> None:
    with session(confined.address, Budget(), Limits()) as run:
        run.play(
            [Cell(0, "a = 1"), Cell(1, "exit()"), Cell(2, "import time; time.sleep(0.5); print(a)")]
        )
    assert (
        run.exits == {1}
        and run.results[2].outputs[0]["text"] == "1\n"
        and len(run.kernel_seconds) == 1
    )


def test_cells_that_tests_need_run_when_the_time_is_used_up(confined: ForkServer) -> None:
    slow = [Cell(index, "import time; time.sleep(9)") for index in range(3)]
    with session(confined.address, Budget(cell_s=0.5, total_s=1.0), Limits()) as run:
        run.play([*slow, Cell(3, "print('own')"), Cell(4, "def f(x): return x", needed=True)])
        assert [run.results[index].status for index in (0, 3, 4)] == ["interrupted", "spent", "ok"]
        assert run.ask(_mean(1.0))["results"] == [{"t": "float", "v": 1.0}]


def test_question_that_overstays_is_interrupted_and_the_kernel_stays(confined: ForkServer) -> None:
    code = "import time\ndef f(x): time.sleep(x); return x"
    with session(confined.address, Budget(probe_s=0.5), Limits()) as run:
        run.play([Cell(0, code)])
        with pytest.raises(StudentFault, match="no reply within"):
            run.ask(_mean(60.0))
        assert run.ask(_mean(0.0))["results"] == [{"t": "float", "v": 0.0}]
        assert len(run.kernel_seconds) == 1


def test_questions_about_one_function_have_a_cells_time_together(confined: ForkServer) -> None:
    code = "import time\ndef f(x): time.sleep(x); return x"
    with session(confined.address, Budget(cell_s=1.0, probe_s=0.8), Limits()) as run:
        run.play([Cell(0, code)])
        run.subject = "f"
        for message in ("no reply", "no reply", "used up"):
            with pytest.raises(StudentFault, match=message):
                run.ask(_mean(60.0))
        run.subject = "g"
        assert run.ask(_mean(0.0))["results"] == [{"t": "float", "v": 0.0}]


def test_kernel_that_an_earlier_cell_ends_late_costs_no_question(confined: ForkServer) -> None:
    late = (
        "import os, threading\nif not os.path.exists('/tmp/x'): threading.Timer(0.3, os._exit,"
        " [0]).start()"
    )
    with session(confined.address, Budget(), Limits()) as run:
        run.play([Cell(0, late), Cell(1, "import time\ndef f(x): time.sleep(x); return x")])
        run.subject = "f"
        assert run.ask(_mean(0.1))["results"] == [{"t": "float", "v": 0.1}]
        with pytest.raises(StudentFault) as caught:
            for _ in range(30):
                run.ask(_mean(1.0))
        assert caught.value.kind == "died"


def test_missing_package_gets_a_stand_in_that_raises_where_it_is_used(confined: ForkServer) -> None:
    with session(confined.address, Budget(), Limits()) as run:
        run.play([Cell(0, "import nowhere.at_all as n\nprint('on')"), Cell(1, "n.thing()")])
    assert run.missing == {"nowhere": 0} and run.results[0].status == "ok"
    assert run.results[1].outputs[-1]["evalue"] == "No module named 'nowhere'"


def test_equal_cells_draw_equal_numbers_in_each_kernel(confined: ForkServer) -> None:
    code = "import random, numpy, torch\n"
    code += "print(random.random(), numpy.random.rand(), torch.rand(1).item(), {'a', 'b', 'c'})"
    printed = []
    for _ in range(2):
        with session(confined.address, Budget(), Limits()) as run:
            run.play([Cell(0, code)])
        printed.append(run.results[0].outputs[0]["text"])
    assert printed[0] == printed[1]


def test_limits_exceed_what_a_hand_in_may_take() -> None:
    budget, limits = Budget(), Limits()
    assert limits.cpu_s >= 3 * (budget.total_s + budget.questions_s)
    assert limits.wall_s > budget.total_s + budget.cell_s + budget.questions_s


_SLOW = """
import os, time
asked = []
def f(x):
    asked.append(x)
    if x == 13: os._exit(1)
    time.sleep(max(x, 0))
    return float(len(asked)) if x < 0 else x
"""


def _value(reply: dict[str, object]) -> object:
    return reply["results"][0]["v"]  # type: ignore[index]


def test_several_questions_go_in_one_message_and_are_answered_in_order(
    confined: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    send = frame.send
    monkeypatch.setattr(
        frame, "send", lambda kernel, content: (sent.append(1), send(kernel, content))
    )
    with session(confined.address, Budget(), Limits()) as run:
        run.play([Cell(0, _SLOW)])
        sent.clear()
        assert list(map(_value, run.ask_ahead([_mean(x / 1000) for x in range(50)]))) == [
            x / 1000 for x in range(50)
        ]
    assert len(sent) == 1


def test_questions_that_nobody_wants_any_more_are_left_out(confined: ForkServer) -> None:
    with session(confined.address, Budget(), Limits()) as run:
        run.play([Cell(0, _SLOW)])
        with contextlib.closing(run.ask_ahead([_mean(x) for x in (0.0, 1.0, 0.0, 0.0)])) as replies:
            assert _value(next(replies)) == 0.0
        # The second of the four has begun by then or not, as the machine's load has it; no later one.
        assert _value(run.ask(_mean(-1.0))) in (2.0, 3.0) and len(run.kernel_seconds) == 1


@pytest.mark.parametrize(("x", "kernels"), [(60.0, 1), (13.0, 2)])
def test_question_that_nobody_wants_and_that_overstays_or_dies_costs_little(
    x: float, kernels: int, confined: ForkServer
) -> None:
    with session(confined.address, Budget(), Limits()) as run:
        run.play([Cell(0, _SLOW)])
        started = time.monotonic()
        with contextlib.closing(run.ask_ahead([_mean(0.0), _mean(x), _mean(0.0)])) as replies:
            assert _value(next(replies)) == 0.0
            time.sleep(0.3)
        assert _value(run.ask(_mean(0.5))) == 0.5
        assert time.monotonic() - started < 15 and len(run.kernel_seconds) == kernels
        assert not run._ahead and run._deaths.total() == 0


@pytest.mark.parametrize(("x", "kind"), [(60.0, "timeout"), (13.0, "died")])
def test_of_several_questions_the_one_that_is_at_fault_is_known(
    x: float, kind: str, confined: ForkServer
) -> None:
    with session(confined.address, Budget(probe_s=0.5), Limits()) as run:
        run.play([Cell(0, _SLOW)])
        run.subject = "f"
        replies = run.ask_ahead([_mean(value) for value in (0.0, 0.1, x, 0.0)])
        assert [_value(next(replies)), _value(next(replies))] == [0.0, 0.1]
        with pytest.raises(StudentFault) as caught:
            next(replies)
        assert caught.value.kind == kind
        assert _value(run.ask(_mean(0.2))) == 0.2


def test_time_of_several_questions_is_that_of_each(confined: ForkServer) -> None:
    with session(confined.address, Budget(probe_s=0.8), Limits()) as run:
        run.play([Cell(0, _SLOW)])
        assert list(map(_value, run.ask_ahead([_mean(0.4)] * 4))) == [0.4] * 4
