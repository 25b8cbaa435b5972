"""What N live kernels cost: one fork server and few pages of each kernel's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.kernels.client import KernelClient
from autograder.kernels.handle import ForkServer, WarmKernel
from autograder.sandbox import Limits
from tests.engine import processes

WORK = """import torch
import torch.nn.functional as F
x = torch.randn(4, 3, 32, 32, requires_grad=True)
F.conv2d(x, torch.randn(8, 3, 3, 3)).mean(dim=(2, 3)).sum().backward()
print(x.grad.shape)"""


def memory_mib(pid: int) -> tuple[float, float]:
    """(PSS, USS) of a process, MiB: its fair share of what it shares, and what it alone holds."""
    fields = dict(
        line.split(":") for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    )
    kib = {name: int(value.split()[0]) for name, value in fields.items()}
    return kib["Pss"] / 1024, (kib["Private_Clean"] + kib["Private_Dirty"]) / 1024


@contextmanager
def live_kernels(server: ForkServer, count: int) -> Iterator[list[int]]:
    """`count` kernels of `server` that have computed something; yields their process ids."""
    started: list[tuple[WarmKernel, KernelClient]] = []
    try:
        for _ in range(count):
            kernel = WarmKernel(server.address, limits=Limits().as_dict())
            started.append((kernel, KernelClient(kernel)))
            started[-1][1].wait_ready()
            assert started[-1][1].execute(WORK, 30).status == "ok"
        yield processes.kernels(server)
    finally:
        for kernel, client in started:
            client.close()
            kernel.kill()


def table(
    server: ForkServer, counts: tuple[int, ...] = (1, 2, 4)
) -> list[tuple[int, float, float, float, float]]:
    """Rows of (kernels, PSS of the server, mean PSS of a kernel, mean USS of a kernel, PSS of all
    together), MiB.
    """
    rows = [
        (
            0,
            memory_mib(processes.inner(server))[0],
            0.0,
            0.0,
            memory_mib(processes.inner(server))[0],
        )
    ]
    for count in counts:
        with live_kernels(server, count) as pids:
            own, *kernels = (memory_mib(pid) for pid in (processes.inner(server), *pids))
            assert len(kernels) == count
            shares, alone = ([entry[which] for entry in kernels] for which in (0, 1))
            rows.append(
                (count, own[0], sum(shares) / count, sum(alone) / count, own[0] + sum(shares))
            )
    return rows


def test_each_further_kernel_costs_little_beside_the_server(confined: ForkServer) -> None:
    try:
        rows = table(confined)
    except PermissionError:
        pytest.skip("this user may not read the kernels' smaps_rollup")
    print("\nkernels  server PSS  kernel PSS  kernel USS  all PSS   MiB")
    for row in rows:
        print("{:7d}  {:10.1f}  {:10.1f}  {:10.1f}  {:7.1f}".format(*row))
    alone, one, _, four = rows
    each = (four[4] - one[4]) / 3
    assert each < 0.35 * alone[4], (
        "a kernel more costs a good part of a whole interpreter with torch"
    )
    assert four[3] < 0.35 * alone[4]
