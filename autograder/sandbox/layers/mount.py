"""The file system: a read-only view of what running Python needs (rootview), private /tmp and
/dev/shm on top.
"""

import os
from collections.abc import Mapping

from .. import rootview, syscalls
from ..layer import Kernel, Layer
from ..trial import in_child


class Mount(Layer):
    """Its trial sets the whole view up, with the other namespaces and a kernel in it."""

    name = "mount"
    turn = 10
    promise = (
        "read-only view of the system without course, gradebook or other hand-ins; private /tmp and"
        " /dev/shm"
    )
    around_server = around_kernel = syscalls.CLONE_NEWNS

    def trial(self, privileged: bool) -> None:
        """The whole view: single calls can work where their combination does not (a masked /proc in
        a container).
        """
        from .. import confine

        reader, writer = os.pipe()
        pid = -1
        try:
            pid = confine.enclose_server(["mount", "pid", "ipc", "net"], {}, privileged)
            if pid == 0:
                problem = _kernel_in_own_tree(privileged)
                os.write(writer, (problem or "").encode()[:4000])
                os._exit(0)
        except BaseException as error:
            if pid != 0:
                raise
            os.write(writer, f"{type(error).__name__}: {error}".encode()[:4000])
            os._exit(0)
        os.close(writer)
        os.waitpid(pid, 0)
        if problem := os.read(reader, 4000).decode():
            raise OSError(problem)

    def enclose(self, files: Mapping[str, bytes], beside: str) -> None:
        """Build the view and make it the root."""
        rootview.build_and_enter(dict(files), beside)

    def enter(self, kernel: Kernel) -> None:
        """Fresh /tmp, /dev/shm and, in a tree of its own, /proc."""
        rootview.lay_private_mounts(
            int(kernel.limits["scratch_mib"]), own_proc="pid" in kernel.layers
        )


def _kernel_in_own_tree(privileged: bool) -> str | None:
    from .. import confine
    from ..policy import Limits
    from . import LAYERS, pid

    active = [name for name, layer in LAYERS.items() if layer.needed]
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    pid.new_tree()
    problem = in_child(lambda: confine.confine_kernel(active, Limits().as_dict(), 0, privileged))
    pid.old_tree(own)
    return problem
