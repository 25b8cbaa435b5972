"""The limits of a confined kernel."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one kernel and everything that it starts."""

    # More than a hand-in's cells and questions may take on several threads (engine/clock.py): these
    # limits end what the clock of a hand-in does not see.
    cpu_s: int = 1200  # of each process, and of all that a kernel started together, s
    background_s: float = 60.0  # CPU time of its living children, which are then ended, s
    wall_s: float = 600.0  # of the kernel's whole life, s
    # private memory of kernel and children together, beyond what the fork shares, MiB
    memory_mib: int = 1536
    processes: int = 96  # processes and threads
    file_mib: int = 64  # size of one file, MiB
    scratch_mib: int = 128  # /tmp and /dev/shm, each, MiB
    open_files: int = 256
    # of kernel and children together; Linux holds up to 416 KiB for each beside what it counts
    sockets: int = 512

    def as_dict(self) -> dict[str, float]:
        """For the request to the fork server."""
        return asdict(self)
