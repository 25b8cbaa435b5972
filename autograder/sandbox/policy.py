"""What is promised about a confined kernel: its limits, and the layers that hold it. Pure data, no privileged call."""

from dataclasses import asdict, dataclass

# Layers in the order in which they are set up. `needed`: the promise of README "What is promised" breaks without it.
LAYERS: dict[str, str] = {
    "mount": "read-only view of the system without course, gradebook or other hand-ins; private /tmp and /dev/shm",
    "pid": "own process tree: sees no other process, and everything in it dies with its kernel",
    "net": "no network interface, no abstract socket of anyone else",
    "ipc": "no System V memory or message queue of anyone else",
    "ids": "runs as a user of its own, without any privilege",
    "rlimits": "limits on CPU time, memory, processes, file size and open files of each process",
    "seccomp": "no new namespaces, tracing, kernel keyrings, non-local sockets, memory that no limit counts",
    "landlock": "file rules a second time, held by another part of the kernel",
    "watchdog": "limits on wall time, memory and sockets of a kernel and its children together",
}
NEEDED = frozenset(LAYERS) - {"landlock"}


@dataclass(frozen=True)
class Limits:
    """Limits of one kernel and everything that it starts."""

    # More than a hand-in's cells and questions may take on several threads (engine/clock.py): these limits end what
    # the clock of a hand-in does not see.
    cpu_s: int = 1200  # of each process, and of all that a kernel started together, s
    background_s: float = 60.0  # CPU time of its living children, which are then ended, s
    wall_s: float = 600.0  # of the kernel's whole life, s
    memory_mib: int = 1536  # private memory of kernel and children together, beyond what the fork shares, MiB
    processes: int = 96  # processes and threads
    file_mib: int = 64  # size of one file, MiB
    scratch_mib: int = 128  # /tmp and /dev/shm, each, MiB
    open_files: int = 256
    sockets: int = 512  # of kernel and children together; Linux holds up to 416 KiB for each beside what it counts

    def as_dict(self) -> dict[str, float]:
        """For the request to the fork server."""
        return asdict(self)
