"""Who a kernel runs as. As root each one has a user id of its own (`FIRST_UID` + slot), so that
RLIMIT_NPROC counts its processes alone; as a plain user it gets a nested user namespace, where the
kernel counts per namespace (Linux 5.14).
"""

import contextlib
import os

from .. import syscalls
from ..layer import Kernel, Layer, map_user

FIRST_UID = 200_000
UID_SLOTS = 4096
INNER_UID = 65534


class Ids(Layer):
    """Nobody in particular, without a capability."""

    name = "ids"
    turn = 60
    promise = "runs as a user of its own, without any privilege"

    def trial(self, privileged: bool) -> None:
        """Always there."""

    def enter(self, kernel: Kernel) -> None:
        """After /proc, whose mounting needs rights over the tree's own namespace."""
        if not kernel.privileged:
            syscalls.unshare(syscalls.CLONE_NEWUSER)
            map_user(INNER_UID, kernel.uid, kernel.gid)

    def limit(self, kernel: Kernel) -> None:
        """After the limits, some of which only root may set."""
        if kernel.privileged:
            user = FIRST_UID + kernel.slot % UID_SLOTS
            os.setgroups([])
            os.setresgid(user, user, user)
            # Capabilities go with the last root id; the bounding set has to go before, while it
            # still can.
            for capability in range(64):
                with contextlib.suppress(OSError):
                    syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)
            os.setresuid(user, user, user)
        syscalls.drop_capabilities()
