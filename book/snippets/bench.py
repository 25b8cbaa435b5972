"""How long a call takes, and how that compares with what the memory and the arithmetic units can do.

Timings depend on the machine and on what else it is doing; every lesson that prints one says so.
"""

import statistics
import time
from collections.abc import Callable

import torch


def seconds_per_call(call: Callable[[], object], device: torch.device | str = "cpu", repeats: int = 5) -> float:
    """Median wall-clock seconds of `repeats` calls after one to warm up; waits for a GPU to finish each."""
    on_gpu = torch.device(device).type == "cuda"
    spent = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        call()
        if on_gpu:
            torch.cuda.synchronize()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent[1:])


def read_rate(way: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, repeats: int = 5) -> float:
    """Bytes of `x` over the seconds that `way(x)` takes, in GB/s: the memory bandwidth used if `x` is read once."""
    with torch.no_grad():
        return x.nbytes / seconds_per_call(lambda: way(x), x.device, repeats) / 1e9


def copy_rate(x: torch.Tensor, repeats: int = 5) -> float:
    """Memory bandwidth of a plain copy in GB/s, reads and writes counted: the ceiling for what moves `x`."""
    target = torch.empty_like(x)
    return 2 * x.nbytes / seconds_per_call(lambda: target.copy_(x), x.device, repeats) / 1e9


def matmul_rate(device: torch.device | str = "cpu", side: int = 1024, repeats: int = 5) -> float:
    """Additions and multiplications per second of a square matrix product, in GFLOP/s: what the arithmetic can do."""
    a = torch.ones(side, side, device=device)
    return 2 * side**3 / seconds_per_call(lambda: a @ a, device, repeats) / 1e9
