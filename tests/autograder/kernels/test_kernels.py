"""Warm kernels: what a fork inherits, what it leaves behind, and that jupyter_client can use
them.
"""

import contextlib
import importlib.metadata
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient

from autograder.kernels import messages
from autograder.kernels.client import KernelClient
from autograder.kernels.handle import ForkServer, KernelError, WarmKernel, describe
from tests.engine import processes
from tests.engine.cells import run_cells, text


def test_server_has_one_thread_before_and_after_forking(unconfined: ForkServer) -> None:
    run_cells(unconfined, "1")
    assert describe(unconfined.address)["threads"] == 1


@pytest.mark.parametrize(
    ("sent", "told"),
    [(b"[]", "names no 'op'"), (b'{"op": "signal", "signum": 9}', "before there is a kernel")],
)
def test_what_asks_for_no_kernel_is_told_so_and_harms_none(
    unconfined: ForkServer, sent: bytes, told: str
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.connect(unconfined.address)
        connection.send(sent)
        answer = messages.receive_event(connection)
        assert answer is not None and answer["event"] == "exit" and told in answer["error"]
    assert describe(unconfined.address)["threads"] == 1


def test_torch_computes_in_a_fork_and_on_one_thread(unconfined: ForkServer) -> None:
    (result,) = run_cells(
        unconfined,
        "import torch; a = torch.randn(400, 400, requires_grad=True); (a @ a).sum().backward()\n"
        "torch.get_num_threads()",
    )
    assert text(result) == "1"


def test_two_forks_draw_different_random_numbers(unconfined: ForkServer) -> None:
    code = "import random, numpy, torch; random.random(), numpy.random.rand(), torch.rand(1).item()"
    first, second = (text(run_cells(unconfined, code)[0]).strip("()").split(", ") for _ in range(2))
    assert all(a != b for a, b in zip(first, second, strict=True))


def test_kernel_inherits_no_descriptor_of_server_or_sibling(unconfined: ForkServer) -> None:
    code = (
        "import glob, os; [os.readlink(name) for name in glob.glob('/proc/self/fd/*') if"
        " os.path.lexists(name)]"
    )
    sibling = WarmKernel(unconfined.address)
    client = KernelClient(sibling)
    client.wait_ready()
    sockets = text(run_cells(unconfined, code)[0]).count("socket:")
    alone = text(run_cells(unconfined, code)[0]).count("socket:")
    client.close(), sibling.kill()
    assert sockets == alone
    assert unconfined.address not in text(run_cells(unconfined, code)[0])


def test_environment_is_the_callers_choice_not_the_servers(unconfined: ForkServer) -> None:
    kernel = WarmKernel(unconfined.address, env={"COLOUR": "blue"})
    client = KernelClient(kernel)
    client.wait_ready()
    result = client.execute("import os; print(os.environ['COLOUR'], 'HOME' in os.environ)", 10)
    client.close(), kernel.kill()
    assert text(result) == "blue False\n"


def test_death_of_a_kernel_is_told_with_its_status(unconfined: ForkServer) -> None:
    kernel = WarmKernel(unconfined.address)
    client = KernelClient(kernel)
    client.wait_ready()
    assert client.execute("import os; os._exit(3)", 10).status == "died"
    exited = kernel.poll(5)
    client.close(), kernel.close()
    assert exited is not None and exited["status"] == 3


def test_endless_cell_ends_at_its_timeout(unconfined: ForkServer) -> None:
    started = time.monotonic()
    (result,) = run_cells(unconfined, "while True: pass", timeout_s=1)
    assert result.status == "timeout" and time.monotonic() - started < 20


def test_kernel_ends_with_its_client(unconfined: ForkServer) -> None:
    kernel = WarmKernel(unconfined.address)
    client = KernelClient(kernel)
    client.wait_ready()
    assert kernel.poll() is None and kernel.pid is not None
    watched = os.pidfd_open(kernel.pid)
    client.close(), kernel.close()
    import select

    assert select.select([watched], [], [], 10)[0]
    os.close(watched)


def test_client_that_is_gone_before_its_kernel_is_forked_takes_nobody_along(
    confined: ForkServer,
) -> None:
    inner = processes.inner(confined)
    os.kill(inner, signal.SIGSTOP)
    try:
        for _ in range(3):
            WarmKernel(confined.address).close()
    finally:
        os.kill(inner, signal.SIGCONT)
    assert text(run_cells(confined, "1 + 1")[0]) == "2"
    deadline = time.monotonic() + 20
    while processes.kernels(confined) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes.kernels(confined) == []


def test_server_and_kernels_die_with_their_launcher(tmp_path: Path) -> None:
    program = (
        "from autograder.kernels.handle import ForkServer, WarmKernel\nfrom"
        " autograder.kernels.client import KernelClient\nserver = ForkServer(); kernel ="
        " WarmKernel(server.address); KernelClient(kernel).wait_ready();"
        " kernel.poll()\nprint(server.pid, kernel.pid, flush=True); input()\n"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout is not None
    watched = [os.pidfd_open(int(pid)) for pid in launcher.stdout.readline().split()]
    launcher.send_signal(signal.SIGKILL)
    launcher.communicate()
    import select

    for descriptor in watched:
        assert select.select([descriptor], [], [], 20)[0]
        os.close(descriptor)


def test_dead_server_is_named(tmp_path: Path) -> None:
    with pytest.raises(KernelError, match="is gone"):
        WarmKernel(str(tmp_path / "nobody"))


def test_nobody_waits_for_a_kernel_that_ends_before_it_is_asked(unconfined: ForkServer) -> None:
    kernel = WarmKernel(unconfined.address)
    client = KernelClient(kernel)
    kernel.signal(signal.SIGKILL)  # at once: it may not even lead a process group yet
    assert (kernel.poll(10) or {})["status"] == -signal.SIGKILL
    with contextlib.closing(kernel), contextlib.closing(client):
        with pytest.raises(KernelError, match="ended before"):
            client.wait_ready(10)
        assert client.execute("1", 10).status == "died" and not client.wait_idle(10)


@pytest.fixture
def warm_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The kernelspec as `install` writes it, and the entry point as an installed project has it."""
    subprocess.run(
        [sys.executable, "-m", "autograder.kernels", "install", "--prefix", tmp_path], check=True
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share" / "jupyter"))
    factory = KernelProvisionerFactory.instance()
    entry = importlib.metadata.EntryPoint(
        "course-warm", "autograder.kernels.provisioner:WarmProvisioner", factory.GROUP_NAME
    )
    monkeypatch.setitem(factory.provisioners, "course-warm", entry)
    assert "course-warm" in KernelSpecManager().find_kernel_specs()
    return "course-warm"


def test_nbclient_runs_a_notebook_in_a_warm_kernel(warm_spec: str, tmp_path: Path) -> None:
    cells = [
        nbformat.v4.new_code_cell(code)
        for code in ("import sys, os; x = 'torch' in sys.modules", "print(x, os.getcwd())")
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    for _ in range(2):
        client = NotebookClient(
            notebook,
            kernel_name=warm_spec,
            resources={"metadata": {"path": str(tmp_path)}},
            timeout=60,
        )
        client.execute()
        assert notebook.cells[1].outputs[0].text == f"True {tmp_path}\n"


def test_nbclient_can_interrupt_a_warm_kernel(warm_spec: str) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import time; time.sleep(60)")]
    )
    client = NotebookClient(
        notebook, kernel_name=warm_spec, timeout=1, interrupt_on_timeout=True, allow_errors=True
    )
    started = time.monotonic()
    client.execute()
    assert time.monotonic() - started < 30
    assert notebook.cells[0].outputs[-1].ename == "KeyboardInterrupt"


def test_directory_of_a_killed_launcher_is_removed_by_the_next() -> None:
    program = (
        "from autograder.kernels.handle import ForkServer; print(ForkServer().directory,"
        " flush=True); input()"
    )
    command = [sys.executable, "-c", program]
    launcher = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert launcher.stdout is not None
    left = Path(launcher.stdout.readline().strip())
    launcher.kill()
    launcher.communicate()
    assert left.is_dir()
    ForkServer().close()
    assert not left.exists()
