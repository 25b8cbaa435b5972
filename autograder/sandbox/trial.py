"""Trying something that changes a process for good, in a process of its own."""

import os
from collections.abc import Callable


def in_child(action: Callable[[], None]) -> str | None:
    """Run `action` in a forked process; None if it succeeds, else the reason. Only for actions
    without Python threads or imports.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        problem = ""
        try:
            action()
        except BaseException as error:
            problem = f"{type(error).__name__}: {error}"
        os.write(writer, problem.encode()[:4000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        problem = file.read().decode()
    _, status = os.waitpid(pid, 0)
    if status:
        return problem or f"the trial ended with status {status}"
    return problem or None
