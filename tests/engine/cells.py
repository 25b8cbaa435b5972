"""Cells run in one kernel of their own."""

from autograder.kernels.client import KernelClient
from autograder.kernels.handle import ForkServer, WarmKernel
from autograder.kernels.outputs import CellResult
from autograder.sandbox import Limits


def run_cells(
    server: ForkServer, *cells: str, timeout_s: float = 30.0, **limits: float
) -> list[CellResult]:
    """Run cells in one fresh kernel of `server`, which is gone afterwards."""
    kernel = WarmKernel(server.address, limits={**Limits().as_dict(), **limits})
    client = KernelClient(kernel)
    try:
        client.wait_ready()
        return [client.execute(cell, timeout_s) for cell in cells]
    finally:
        client.close()
        kernel.kill()


def text(result: CellResult) -> str:
    """All that a cell printed, or its error as one line."""
    parts = [
        output.get("text")
        or output.get("data", {}).get("text/plain")
        or f"{output.get('ename')}: {output.get('evalue')}"
        for output in result.outputs
    ]
    return "".join(parts)
