"""Limits of each process, which Linux counts."""

from collections.abc import Mapping

from ..layer import Kernel, Layer

_MIB = 1 << 20


class Rlimits(Layer):
    """setrlimit(2)."""

    name = "rlimits"
    turn = 50
    promise = "limits on CPU time, memory, processes, file size and open files of each process"

    def limit(self, kernel: Kernel) -> None:
        """Soft and hard, never above what is there."""
        _set(kernel.limits)


def _status_kib(field: str) -> int:
    with open("/proc/self/status") as file:
        return next((int(line.split()[1]) for line in file if line.startswith(field + ":")), 0)


def _set(limits: Mapping[str, float]) -> None:
    """Memory limits count from what the fork inherited: torch maps gigabytes of address space
    before the student's first line.
    """
    import resource  # Linux alone has it

    memory = int(limits["memory_mib"]) * _MIB
    data = _status_kib("VmData") * 1024 + memory
    # ... and each of the kernel's threads reserves an arena of 64 MiB that it hardly uses.
    address_space = _status_kib("VmSize") * 1024 + 2 * memory + 1024 * _MIB
    cpu = int(limits["cpu_s"])
    files = int(limits["open_files"])
    for limit, soft, hard in (
        (resource.RLIMIT_DATA, data, data),
        (resource.RLIMIT_AS, address_space, address_space),
        (resource.RLIMIT_CPU, cpu, cpu + 2),
        (resource.RLIMIT_FSIZE, int(limits["file_mib"]) * _MIB, int(limits["file_mib"]) * _MIB),
        (resource.RLIMIT_NPROC, int(limits["processes"]), int(limits["processes"])),
        (resource.RLIMIT_NOFILE, files, files),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
    ):
        _, present = resource.getrlimit(limit)
        if present != resource.RLIM_INFINITY:
            soft, hard = min(soft, present), min(hard, present)
        resource.setrlimit(limit, (soft, hard))
