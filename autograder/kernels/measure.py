"""What the watchdog reads about processes from /proc."""

import contextlib
import os

baseline_kib = 0  # what every kernel has of the fork server
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_limit_s(pid: int) -> float:
    """The CPU time after which the system kills a process, as it is now; its own limit may be lower
    than the one that it was given.
    """
    with (
        contextlib.suppress(OSError, ValueError, StopIteration),
        open(f"/proc/{pid}/limits") as file,
    ):
        return float(next(line for line in file if line.startswith("Max cpu time")).split()[4])
    return float("inf")


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def private_kib(pid: int) -> int:
    """Resident anonymous and shared-memory pages of a process, KiB; 0 if it is gone. Pages still
    shared with the server by copy-on-write count too, which is why limits are stated beyond
    `baseline_kib`.
    """
    with contextlib.suppress(OSError, ValueError), open(f"/proc/{pid}/status") as file:
        fields = dict(
            line.split(":", 1) for line in file if line.startswith(("RssAnon", "RssShmem"))
        )
        return max(0, sum(int(value.split()[0]) for value in fields.values()) - baseline_kib)
    return 0


def sockets(pid: int) -> int:
    """How many sockets there are in a process's network namespace; 0 if it is gone."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/net/unix", "rb") as file:
        return max(0, sum(1 for _ in file) - 1)
    return 0


def kept_waiting_s(pid: int, trees: dict[int, list[int]]) -> float:
    """Seconds in which a kernel's main thread was ready and had no core, less the CPU time of its
    other threads and of its children: a hand-in that keeps itself waiting, also by a lower
    priority, gains nothing. 0 where the kernel keeps no such count.
    """
    if yields(pid):
        return 0.0
    with contextlib.suppress(OSError, ValueError, IndexError):
        with open(f"/proc/{pid}/schedstat") as file:
            ran, waited = (int(field) / 1e9 for field in file.read().split()[:2])
        return max(0.0, waited - max(0.0, sum(map(cpu_s, trees[pid])) - ran))
    return 0.0


def yields(pid: int) -> bool:
    """Whether a process has lowered its own priority below ours: it then waits by its own
    choice.
    """
    with contextlib.suppress(OSError, ValueError):
        idle_or_batch = os.sched_getscheduler(pid) in (os.SCHED_IDLE, os.SCHED_BATCH)
        return idle_or_batch or os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(
            os.PRIO_PROCESS, 0
        )
    return False


def cpu_s(pid: int) -> float:
    """CPU time of all threads of a process and of its children that have been waited for."""
    with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{pid}/stat") as file:
        return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:15])) / _TICKS
    return 0.0


def process_trees(roots: set[int]) -> dict[int, list[int]]:
    """Each root's descendants, itself included: kernels see only themselves, but the server sees
    into their trees.
    """
    parents: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with (
                contextlib.suppress(OSError, ValueError, IndexError),
                open(f"/proc/{name}/stat") as file,
            ):
                parents[int(name)] = int(file.read().rsplit(")", 1)[1].split()[1])
    trees: dict[int, list[int]] = {root: [] for root in roots}
    for pid in parents:
        ancestor = pid
        while ancestor not in roots and ancestor > 1:
            ancestor = parents.get(ancestor, 0)
        if ancestor in roots:
            trees[ancestor].append(pid)
    return trees
