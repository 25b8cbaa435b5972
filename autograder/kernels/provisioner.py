"""Warm kernels for everything that speaks jupyter_client: a provisioner that forks instead of
launching.

Use: `python -m autograder.kernels install` writes the kernelspec `course-warm` (its metadata names
the provisioner `course-warm`), then `nbval --nbval-kernel-name course-warm`, `jupyter execute
--kernel_name course-warm`, nbclient or Jupyter Book with that kernel name.

Theory of operation. The first kernel of a process starts one fork server, unconfined (such kernels
are the caller's own code) and shared by all later ones; it dies with the process. The kernel's
channels are Unix sockets made here (`ipc` transport, absolute short paths), so the client can
connect at once and no port is ever raced for. `shutdown_requested` waits for the exit itself, and
jupyter_client then finds the kernel gone at its first look instead of polling every 0.1 s.
"""

import asyncio
import atexit
import os
import signal
import threading
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from .child import CHANNELS
from .handle import ForkServer, WarmKernel

NAME = "course-warm"
_EXIT_S = 2.0  # for a polite exit before SIGKILL
_lock = threading.Lock()
_server: ForkServer | None = None


def shared_server() -> ForkServer:
    """This process's own unconfined fork server, started at first use."""
    global _server
    with _lock:
        if _server is None or not _server.alive():
            _server = ForkServer(jupyter=True)
            atexit.register(_server.close)
        return _server


class WarmProvisioner(KernelProvisionerBase):
    """One warm kernel. Registered in the entry-point group `jupyter_client.kernel_provisioners`."""

    kernel: WarmKernel | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and not cleaned up yet."""
        return self.kernel is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the channels' paths; jupyter_client's manager learns them through
        `connection_info`.
        """
        kwargs = await super().pre_launch(
            cmd=["warm"], **{k: v for k, v in kwargs.items() if k != "cmd"}
        )
        manager = self.parent
        if manager is not None:
            manager.transport = "ipc"
            manager.ip = f"{shared_server().directory}/{os.urandom(4).hex()}"
            for port, channel in enumerate(CHANNELS, start=1):
                setattr(manager, f"{channel}_port", port)
            self.connection_info = manager.get_connection_info()
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork."""
        info: dict[str, Any] = dict(self.connection_info)
        paths = {channel: f"{info['ip']}-{info[f'{channel}_port']}" for channel in CHANNELS}
        key = info["key"]
        self.kernel = WarmKernel(
            shared_server().address,
            paths=paths,
            key=key if isinstance(key, bytes) else str(key).encode(),
            env={
                k: v for k, v in (kwargs.get("env") or os.environ).items() if k != "JPY_PARENT_PID"
            },
            cwd=kwargs.get("cwd") or os.getcwd(),
            streams={"stdout": 1, "stderr": 2},
        )
        return self.connection_info

    async def poll(self) -> int | None:
        """Exit status, None while the kernel runs."""
        if self.kernel is None:
            return 0
        exited = self.kernel.poll()
        return None if exited is None else int(exited["status"] or 0)

    async def wait(self) -> int | None:
        """Wait for the exit without polling."""
        if self.kernel is not None:
            while self.kernel.poll() is None:
                await _readable(self.kernel.fileno(), 1.0)
        return await self.poll()

    async def send_signal(self, signum: int) -> None:
        """SIGINT interrupts; anything else ends the kernel's process group."""
        if self.kernel is not None and signum:
            self.kernel.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """SIGKILL."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """SIGTERM."""
        await self.send_signal(signal.SIGTERM)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """The kernel was asked to exit: give it `_EXIT_S`."""
        if self.kernel is not None and self.kernel.poll() is None:
            await _readable(self.kernel.fileno(), _EXIT_S)

    async def cleanup(self, restart: bool = False) -> None:
        """Close the connection and remove the sockets' paths."""
        if self.kernel is not None:
            self.kernel.close()
            if not restart:
                self.kernel = None

    async def get_provisioner_info(self) -> dict[str, Any]:
        """Nothing that another process could go on from: a warm kernel ends with its client."""
        return await super().get_provisioner_info()


async def _readable(descriptor: int, timeout_s: float) -> None:
    loop, seen = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, seen.set)
    try:
        await asyncio.wait_for(seen.wait(), timeout_s)
    except TimeoutError:
        pass
    finally:
        loop.remove_reader(descriptor)
