"""A grader's kernel: what a cell prints and shows arrives, whole and in order, and nothing else;
whatever it does to the channel costs itself alone.
"""

import contextlib
import signal
import time
from collections.abc import Iterator

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.engine.session import Budget, Cell, session
from autograder.kernels.client import KernelClient
from autograder.kernels.handle import ForkServer, WarmKernel
from autograder.kernels.outputs import CellResult
from autograder.sandbox import Limits
from tests.autograder.kernels.test_kernels import warm_spec as warm_spec
from tests.engine.cells import run_cells, text


@contextlib.contextmanager
def _kernel(server: ForkServer) -> Iterator[tuple[WarmKernel, KernelClient]]:
    kernel = WarmKernel(server.address, limits=Limits().as_dict())
    client = KernelClient(kernel)
    try:
        client.wait_ready()
        yield kernel, client
    finally:
        client.close()
        kernel.kill()


def _streams(result: CellResult) -> list[tuple[str, str]]:
    return [(output["name"], output["text"]) for output in result.outputs]


def test_kernel_has_one_thread(confined: ForkServer) -> None:
    (result,) = run_cells(confined, "import os; print(len(os.listdir('/proc/self/task')))")
    assert text(result) == "1\n"


def test_stdout_and_stderr_stay_in_their_order(confined: ForkServer) -> None:
    code = "import sys\nfor i in range(3): print(i); print(-i, file=sys.stderr)\n7"
    (result,) = run_cells(confined, code)
    *streams, value = result.outputs
    assert [(output["name"], output["text"]) for output in streams] == [
        pair for i in range(3) for pair in (("stdout", f"{i}\n"), ("stderr", f"{-i}\n"))
    ]
    assert value["data"] == {"text/plain": "7"} and value["execution_count"] == 1


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.write(1, 'né\\n'.encode());",
        "import os; os.system('echo né');",
        "import subprocess, sys; subprocess.run(['echo', 'né'], stdout=sys.stdout);",
        "import os\nif os.fork() == 0:\n    print('né'); os._exit(0)\nos.wait();",
        "import multiprocessing as m\np = m.get_context('fork').Process(target=print, args=('né',))\n"
        "p.start(); p.join()",
        "import ctypes; ctypes.CDLL(None).puts('né'.encode()); ctypes.CDLL(None).fflush(None);",
    ],
)
def test_what_goes_past_python_arrives_too(code: str, confined: ForkServer) -> None:
    with session(confined.address, Budget(), Limits()) as run:
        run.play([Cell(0, code), Cell(1, "print('next')")])
    shown = "".join(text for name, text in _streams(run.results[0]) if name == "stdout")
    assert shown.replace("\r", "") == "né\n" and text(run.results[1]) == "next\n"


def test_child_that_keeps_writing_holds_nobody_up(confined: ForkServer) -> None:
    flood = (
        "import os, time\nif os.fork() == 0:\n    while True:\n"
        "        os.write(1, b'x' * 4096)\n        time.sleep(0.001)\n"
    )
    with session(confined.address, Budget(output_bytes=1 << 30), Limits()) as run:
        run.play([Cell(0, flood), Cell(1, "def f():\n    return 1"), Cell(2, "f()")])
    assert [run.results[index].status for index in range(3)] == ["ok"] * 3


FIGURE = "import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.title('x');"


def test_figures_are_drawn_into_the_notebook(confined: ForkServer, warm_spec: str) -> None:
    shown, once_more, other = run_cells(
        confined, FIGURE, "plt.plot([1, 0]); plt.show()", "plt.get_fignums()"
    )
    for result in (shown, once_more):
        assert ["image/png" in output["data"] for output in result.outputs] == [True]
    assert text(other) == "[]"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(FIGURE)])
    NotebookClient(notebook, kernel_name=warm_spec, timeout=60).execute()
    assert ["image/png" in output["data"] for output in notebook.cells[0].outputs] == [True]


def test_later_outputs_of_an_earlier_cell_are_no_other_cells(confined: ForkServer) -> None:
    late = (
        "import asyncio\nasync def late():\n    await asyncio.sleep(0.2)\n    print('late')\n"
        "task = asyncio.ensure_future(late())"
    )
    waits = "await asyncio.sleep(0.5)\nprint('now')"
    thread = "import threading, time\nthreading.Timer(1.5, print, ('thread',)).start()"
    results = run_cells(confined, late, waits, thread, "x = 1", "time.sleep(3); print('now')", "2")
    assert [text(result) for result in results] == ["", "now\n", "", "", "thread\nnow\n", "2"]


def test_nothing_that_was_printed_between_cells_comes_with_the_next(confined: ForkServer) -> None:
    code = (
        "import threading, time, os\ndef later():\n    time.sleep(0.3)\n    print('between')\n"
        "    os.write(1, b'between')\nthreading.Thread(target=later).start()"
    )
    with _kernel(confined) as (_, client):
        client.execute(code, 10)
        time.sleep(2.0)
        assert text(client.execute("print('now')", 10)) == "now\n"


def test_interrupt_amid_output_cuts_no_message(confined: ForkServer) -> None:
    for _ in range(8):
        with _kernel(confined) as (kernel, client):
            result = client.execute("while True: print('x' * 999, flush=True)", 0.2, 1 << 30)
            assert result.status == "timeout"
            kernel.signal(signal.SIGINT)
            assert client.wait_idle(10)
            assert text(client.execute("print('whole')", 10)) == "whole\n"


def test_awaiting_cell_is_interrupted(confined: ForkServer) -> None:
    with session(confined.address, Budget(cell_s=1.0), Limits()) as run:
        run.play([Cell(0, "import asyncio\nx = 1\nawait asyncio.sleep(60)"), Cell(1, "x")])
    assert run.results[0].status == "interrupted" and text(run.results[1]) == "1"


def test_handler_that_prints_amid_printing_ends(confined: ForkServer) -> None:
    code = (
        "import signal, time\nsignal.signal(signal.SIGALRM, lambda *_: print('tick', flush=True))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\nend = time.monotonic() + 1\n"
        "while time.monotonic() < end: print('x', flush=True)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0)"
    )
    (result,) = run_cells(confined, code)
    assert result.status == "ok" and "tick" in text(result) and "x" in text(result)


_FIND = (
    "import os, struct, sys\nwire = sys.modules['autograder.kernels.cells']._wire\n"
    "send = wire._socket.sendall\nlength = struct.Struct('>I').pack\n"
)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("send(length(3) + b'[1]')", "ok"),
        ("send(length(2) + b'{}')", "ok"),
        ("send(length(4) + bytes([255] * 4))", "ok"),
        ("send(length(400_000) + b'[' * 400_000)", "ok"),
        ("""m = b'{"msg_type": ["a"], "content": 3}'; send(length(len(m)) + m)""", "ok"),
        ("""m = b'{"msg_type": "execute_reply"}'; send(length(len(m)) + m)""", "error"),
        (
            """m = b'{"msg_type": "stream", "content": {"text": {}}}'; send(length(len(m)) + m)""",
            "ok",
        ),
        ("send(length(1 << 31)); import time; time.sleep(60)", "output"),
        ("send(length(9)); import time; time.sleep(60)", "timeout"),
        ("wire._socket.close(); import time; time.sleep(60)", "output"),
        ("os.closerange(3, 9999)", "died"),
    ],
)
def test_whatever_is_sent_in_a_messages_place_harms_none(
    code: str, status: str, confined: ForkServer
) -> None:
    with session(confined.address, Budget(cell_s=3.0), Limits()) as run:
        run.play([Cell(0, _FIND + code), Cell(1, "print('next')")])
    seen = run.results[0].status
    assert seen == status or (seen, status) in {("output", "died"), ("interrupted", "timeout")}
    if status != "error":  # a reply of one's own answers for the next cell, which is one's own too
        assert text(run.results[1]) == "next\n"
    assert text(run_cells(confined, "print('others')")[0]) == "others\n"


def test_stream_that_a_cell_puts_in_place_of_stdout_harms_no_cell(confined: ForkServer) -> None:
    code = "import sys\nclass S:\n    __hash__ = None\nsys.stdout = S()"
    first, second = run_cells(confined, code, "2")
    assert first.status == "ok" and second.status in ("ok", "error")


def test_long_cell_arrives(confined: ForkServer) -> None:
    (result,) = run_cells(confined, f"x = {'1' * 4_000_000!r}\nlen(x)")
    assert text(result) == "4000000"
