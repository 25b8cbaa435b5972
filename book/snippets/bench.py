"""How long a call takes, and how that compares with what the memory and the arithmetic units can do.

Timings depend on the machine and on what else it is doing; every lesson that prints one says so.
"""

import time
from collections.abc import Callable

import torch


def call_times(call: Callable[[], object], device: torch.device | str = "cpu", repeats: int = 5) -> list[float]:
    """Wall-clock seconds of each of `repeats` calls after one to warm up; waits for a GPU to finish each."""
    on_gpu = torch.device(device).type == "cuda"
    spent = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        call()
        if on_gpu:
            torch.cuda.synchronize()
        spent.append(time.perf_counter() - start)
    return spent[1:]


def read_rate(way: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, repeats: int = 5) -> float:
    """Bytes of `x` over the fastest `way(x)`, in GB/s: the memory bandwidth used if `x` is read once.

    The fastest call is the one that other programs disturbed least.
    """
    with torch.no_grad():
        return x.nbytes / min(call_times(lambda: way(x), x.device, repeats)) / 1e9


def matmul_rate(device: torch.device | str = "cpu", side: int = 1024, repeats: int = 5) -> float:
    """Additions and multiplications per second of the fastest matrix product, in GFLOP/s: a ceiling for arithmetic."""
    a = torch.ones(side, side, device=device)
    return 2 * side**3 / min(call_times(lambda: a @ a, device, repeats)) / 1e9
